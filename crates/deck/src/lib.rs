//! The TOML language of decks: types, defaults, errors with a caret, reference.
//!
//! [`Deck::parse`] turns a text into plain typed values with every default filled in, or into
//! [`DeckErrors`]: everything that is wrong, each error with file, line, column, caret, suggestion
//! and next step. A deck knows where its values stand ([`Deck::locate`]), so that later steps,
//! which open the files it names, can point at them too ([`Deck::error_at`]).
//!
//! ```
//! use std::path::Path;
//! use frit_deck::{Deck, DeckErrorKind};
//!
//! let text = r#"
//! [potential.eam]
//! file = "Pt.eam.alloy"
//!
//! [structure.bulk]
//! lattice = "fcc"
//! constant = "3.92 K"
//! repeat = [5, 5, 5]
//! composition = { Pt = 1.0 }
//!
//! [[stage]]
//! name = "hold"
//! duratoin = "1 ps"
//! timestep = "2 fs"
//! velocities.temperature = "600 K"
//! ensemble.nve = {}
//! "#;
//! let errors = Deck::parse(Path::new("deck.toml"), text, &[]).unwrap_err();
//! let places: Vec<_> = errors.errors().iter().map(|e| (e.kind(), e.location().unwrap().line)).collect();
//! assert_eq!(places, [(DeckErrorKind::WrongType, 7), (DeckErrorKind::UnknownKey, 13)]);
//! assert_eq!(errors.errors()[1].help_text(), Some("did you mean `duration`?"));
//! ```
//!
//! Every key is defined once, in `elements`; the definition reads decks, writes the canonical text
//! and the reference ([`reference_markdown`]), and feeds the suggestions.

mod any;
mod checks;
mod deck;
mod document;
mod elements;
mod error;
mod observers;
mod quantities;
mod reference;
mod source;
mod suggest;
mod walk;

pub use any::{AnyDeck, Heading, Method};
pub use deck::{Deck, PotentialDeck, StructureDeck};
pub use document::Document;
pub use elements::crystal::{Arrangement, Composition, Contents, Crystal, Lattice, Sites};
pub use elements::diagram::{
    DiagramDeck, DiagramState, DiagramStateKind, FreeEnergyParts, GasMolecule, ReactionDiagram,
};
pub use elements::ensemble::{Ensemble, Ramp};
pub use elements::external::{
    AddedForce, External, LearnedForce, Share, Side, Spring, Wall, WallPlace,
};
pub use elements::group::{Group, Slab};
pub use elements::looping::{
    IronDiffusion, Looping, LoopingDeck, LoopingGas, LoopingKinetics, LoopingObserve,
    MetalParticle, OxideSupport, StirredGas,
};
pub use elements::method::MethodDeck;
pub use elements::migration::{
    CapOrUniform, ChemicalNoise, Drive, Driver, Heterogeneity, Imaging, Inertia, Mesh, Migration,
    MigrationDeck, MigrationGas, MigrationKinetics, MigrationMotion, MigrationObserve,
    MigrationSupport, Pool, PressureModel, Ripening, RipeningLimit, RipeningPotential, Rotation,
    Sizes, SurfaceDiffusion,
};
pub use elements::neighbours::{Neighbours, Skin};
pub use elements::observe::{
    Column, NeckObserver, Observe, TableObserver, TrajectoryFormat, TrajectoryObserver,
};
pub use elements::observers::{Measure, Observer, Observers};
pub use elements::orientation::{Axis, Turn};
pub use elements::output::{Checkpoint, Output};
pub use elements::particle::{AdatomSpecies, Adatoms, Facets, Particle};
pub use elements::potential::{
    Eam, EamForm, Kernel, LennardJones, LennardJonesPair, Meam, Potential, PotentialModel,
    Precision, Zbl,
};
pub use elements::redispersion::{
    AdatomEnergies, PreparedParticles, Redispersion, RedispersionDeck, RedispersionObserve,
    ResidenceTimes, StageExtent, StepCosts, TemperatureStage,
};
pub use elements::scan::{Axis as ScanAxis, Collect, Overlay, Profile, Scan, Values};
pub use elements::schedule::Schedule;
pub use elements::shape::{Body, FacetEnergy, Shape, Size};
pub use elements::slab::{CrystalSlab, SlabAdatom, Supported, Surface, SurfaceSite};
pub use elements::stage::{
    Centres, Dynamics, Minimise, MinimiseMethod, Stage, StageMethod, StageTarget, Swap, Until,
    Velocities,
};
pub use elements::structure::{Bulk, Frame, GapSet, Pair, PairParticles, Structure, StructureFile};
pub use error::{DeckError, DeckErrorKind, DeckErrors, Location};
pub use observers::{FramesDeck, ObserversDeck};
pub use quantities::{NamedQuantity, QuantityFile, QuantityFileError};
pub use reference::reference_markdown;

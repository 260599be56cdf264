//! `frit potential`: tabulates published formulas.

use frit_potentials::eam::zhou2004::{self, Grid};

use crate::args::{Formula, PotentialArguments};
use crate::exit::Exit;
use crate::failure::{OrFail, Outcome};
use crate::terminal;

/// Writes a setfl file.
///
/// # Errors
/// An element without parameters, or a file that cannot be written.
pub(crate) fn potential(arguments: &PotentialArguments) -> Outcome {
    let Formula::Zhou2004(zhou) = &arguments.formula;
    let names: Vec<&str> = zhou.elements.iter().map(String::as_str).collect();
    let text = zhou2004::setfl(&names, Grid::default()).or_fail(Exit::Usage)?;
    frit_io::write_atomically(&zhou.output, |writer| writer.write_all(text.as_bytes()))
        .or_fail(Exit::Failure)?;
    terminal::say(&format!(
        "wrote {} for {} (Zhou, Johnson, Wadley 2004)",
        zhou.output.display(),
        names.join(", ")
    ));
    Ok(())
}

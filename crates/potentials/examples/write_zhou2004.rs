//! Writes a setfl file of the potentials of Zhou 2004 to standard output.
//!
//! `cargo run -p frit-potentials --example write_zhou2004 Pt Fe > potentials/Zhou-2004-PtFe.eam.alloy`
#![expect(clippy::print_stdout, reason = "the file is what this program is for")]

use frit_potentials::eam::zhou2004;

fn main() -> Result<(), zhou2004::ZhouError> {
    let elements: Vec<String> = std::env::args().skip(1).collect();
    let names: Vec<&str> = elements.iter().map(String::as_str).collect();
    print!("{}", zhou2004::setfl(&names, zhou2004::Grid::default())?);
    Ok(())
}

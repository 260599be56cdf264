//! The program `frit`.

fn main() -> std::process::ExitCode {
    frit_cli::main()
}

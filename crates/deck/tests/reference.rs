//! The reference in `docs` is the one that the definitions write.

use std::path::Path;

#[test]
fn the_reference_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/deck-reference.md");
    let fresh = frit_deck::reference_markdown();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stored == fresh,
        "docs/deck-reference.md is stale; rewrite it with\n  UPDATE_DOCS=1 cargo test -p frit-deck"
    );
}

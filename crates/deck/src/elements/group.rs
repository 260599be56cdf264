//! `[group.NAME]`: atoms on which stages act in their own way.

use frit_units::{Length, kind};

use crate::error::DeckErrorKind;
use crate::walk::form::{Choice, Integer, ListOf, Name, Symbol, any};
use crate::walk::{Table, key, table};

/// Atoms that meet every condition given; chosen anew when a stage that names the group begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Atoms of one particle of a pair, 0 or 1.
    pub particle: Option<u8>,
    /// Atoms of these elements.
    pub elements: Option<Vec<String>>,
    /// Atoms with ids from the first to the second number.
    pub ids: Option<[u64; 2]>,
    /// Atoms in a slab: the axis, and from where to where.
    pub slab: Option<Slab>,
}

/// What lies between two planes across an axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slab {
    /// The axis: 0, 1, 2 for x, y, z.
    pub axis: usize,
    /// The lower plane, if there is one.
    pub from: Option<Length>,
    /// The upper plane, if there is one.
    pub to: Option<Length>,
}

/// How many particles a structure has, as groups may name them.
const PARTICLES: Choice<u8> = Choice(&[("first", 0), ("second", 1)]);

pub(crate) const AXES: Choice<usize> = Choice(&[("x", 0), ("y", 1), ("z", 2)]);

/// Ids are whole numbers of 32 bits.
const LARGEST_ID: u64 = u32::MAX as u64;

const CONDITIONS: [&str; 4] = ["particle", "elements", "ids", "slab"];

pub(crate) fn read(table: &mut Table<'_, '_>, is_pair: bool) -> Vec<Group> {
    const MEANING: &str =
        "Atoms that meet all conditions given, chosen when a stage that names the group begins";
    const NAME: &str = "<name>";
    table.describe_named(NAME, MEANING, |table| {
        read_group(table, String::new(), true);
    });
    table
        .named_tables(NAME, MEANING, |table, entry| {
            let mut complaints = Vec::new();
            Name::check(&entry.key, &mut complaints);
            for complaint in complaints {
                table.complain_about_key(entry, complaint);
            }
            read_group(table, entry.key.clone(), is_pair)
        })
        .into_iter()
        .flatten()
        .collect()
}

fn read_group(table: &mut Table<'_, '_>, name: String, is_pair: bool) -> Option<Group> {
    let otherwise = "at least one condition; all given must hold";
    let particle = table.optional(
        key(
            "particle",
            "Atoms of the first or the second particle of a pair",
            "\"first\"",
        ),
        &PARTICLES,
        otherwise,
    );
    let elements = table.optional(
        key("elements", "Atoms of these elements", "[\"Fe\"]"),
        &ListOf {
            form: Symbol,
            lengths: 1..=usize::from(u8::MAX),
        },
        otherwise,
    );
    let ids = table.optional(
        key(
            "ids",
            "Atoms with ids from the first to the second number",
            "[1, 200]",
        ),
        &ListOf {
            form: Integer(1..=LARGEST_ID),
            lengths: 2..=2,
        },
        otherwise,
    );
    let slab = table.optional_table(
        self::table(
            "slab",
            "Atoms between two planes, where they are when the stage begins",
        ),
        otherwise,
        read_slab,
    );
    table.at_least_one(&CONDITIONS);
    if particle.is_some() && !is_pair {
        table.refuse(
            "particle",
            "only a pair has a first and a second particle",
            "choose atoms by `elements`, `ids` or `slab`",
        );
        return None;
    }
    let given = CONDITIONS.iter().filter(|name| table.has(name)).count();
    let read = [
        particle.is_some(),
        elements.is_some(),
        ids.is_some(),
        slab.is_some(),
    ];
    (given == read.into_iter().filter(|&read| read).count()).then(|| Group {
        name,
        particle,
        elements,
        ids: ids.and_then(|ids| ids.try_into().ok()),
        slab,
    })
}

fn read_slab(table: &mut Table<'_, '_>) -> Option<Slab> {
    let axis = table.required(key("axis", "Axis across the planes", "\"z\""), &AXES);
    let bounds = "at least one of `from` and `to`";
    let from = table.optional(
        key("from", "Place of the lower plane on the axis", "\"-10 Å\""),
        &any::<kind::Length>(),
        bounds,
    );
    let to = table.optional(
        key("to", "Place of the upper plane on the axis", "\"5 Å\""),
        &any::<kind::Length>(),
        bounds,
    );
    table.at_least_one(&["from", "to"]);
    if let (Some(low), Some(high)) = (from, to)
        && low.in_angstroms() >= high.in_angstroms()
    {
        table.error_at(
            "to",
            DeckErrorKind::Inconsistent,
            format!("the slab ends at {high}, where it does not yet begin ({low})"),
            Some("`to` must be larger than `from`".to_owned()),
        );
        return None;
    }
    Some(Slab {
        axis: axis?,
        from,
        to,
    })
}

//! Tables of numbers over time, as CSV.

use crate::error::WriteError;
use crate::files::AppendFile;
use crate::numbers::{push_integer, push_real};
use std::path::Path;

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    /// Name.
    pub name: String,
    /// Unit; empty for pure numbers.
    pub unit: String,
}

impl TableColumn {
    /// A column with a unit; an empty one for pure numbers.
    pub fn new(name: impl Into<String>, unit: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            unit: unit.into(),
        }
    }

    /// What stands above the column: `time [ps]`.
    pub fn header(&self) -> String {
        match self.unit.as_str() {
            "" => self.name.clone(),
            unit => format!("{} [{unit}]", self.name),
        }
    }
}

/// One value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// A whole number.
    Integer(i64),
    /// A real number.
    Real(f64),
    /// Text.
    Text(String),
    /// Nothing: the quantity does not exist at this time.
    Empty,
}

impl From<f64> for Entry {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<u32> for Entry {
    fn from(value: u32) -> Self {
        Self::Integer(i64::from(value))
    }
}

impl From<i64> for Entry {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl<T: Into<Self>> From<Option<T>> for Entry {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// Writes a table row by row; each row is at once visible to other programs.
#[derive(Debug)]
pub struct TableWriter {
    file: AppendFile,
    columns: usize,
}

impl TableWriter {
    /// A table with a header and no rows.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn create(path: &Path, columns: &[TableColumn]) -> Result<Self, WriteError> {
        let mut file = AppendFile::create(path)?;
        file.append(&header(columns))?;
        file.flush_file()?;
        Ok(Self {
            file,
            columns: columns.len(),
        })
    }

    /// Continues a table at the position of a checkpoint; rows behind it are removed.
    ///
    /// # Errors
    /// The file is shorter than `position`, has other columns, or cannot be written.
    pub fn resume(path: &Path, columns: &[TableColumn], position: u64) -> Result<Self, WriteError> {
        let expected = header(columns);
        let mut found = vec![0; expected.len()];
        std::fs::File::open(path)
            .and_then(|mut file| std::io::Read::read_exact(&mut file, &mut found))
            .map_err(WriteError::io("read the header of", path))?;
        if found != expected.as_bytes() {
            return Err(WriteError::Changed {
                path: path.to_owned(),
                problem: format!(
                    "its header is not `{}`; put the file back or start anew in another folder",
                    expected.trim_end()
                ),
            });
        }
        Ok(Self {
            file: AppendFile::resume(path, position)?,
            columns: columns.len(),
        })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// The number of entries is not that of the columns, or the file cannot be written.
    pub fn row(&mut self, entries: &[Entry]) -> Result<(), WriteError> {
        if entries.len() != self.columns {
            return Err(WriteError::Frame {
                path: self.file.path().to_owned(),
                cause: crate::FrameError::NotInFormat(format!(
                    "a row has {} entries, but the table has {} columns",
                    entries.len(),
                    self.columns
                )),
            });
        }
        let mut line = String::new();
        for (at, entry) in entries.iter().enumerate() {
            if at > 0 {
                line.push(',');
            }
            match entry {
                Entry::Integer(value) => push_integer(&mut line, value),
                Entry::Real(value) => push_real(&mut line, *value),
                Entry::Text(text) => push_quoted(&mut line, text),
                Entry::Empty => {}
            }
        }
        line.push('\n');
        self.file.append(&line)?;
        self.file.flush_file()
    }

    /// Adds rows as they stand in the file of a table with the same columns.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn lines(&mut self, lines: &str) -> Result<(), WriteError> {
        self.file.append(lines)?;
        self.file.flush_file()
    }

    /// Brings everything to the disk and returns the position for a checkpoint [bytes].
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn sync(&mut self) -> Result<u64, WriteError> {
        self.file.sync()
    }
}

fn header(columns: &[TableColumn]) -> String {
    let mut line = String::new();
    for (at, column) in columns.iter().enumerate() {
        if at > 0 {
            line.push(',');
        }
        push_quoted(&mut line, &column.header());
    }
    line.push('\n');
    line
}

/// RFC 4180: quotes around texts with commas, quotes or line ends; quotes inside doubled.
fn push_quoted(line: &mut String, text: &str) {
    if !text.contains([',', '"', '\n', '\r']) {
        line.push_str(text);
        return;
    }
    line.push('"');
    line.push_str(&text.replace('"', "\"\""));
    line.push('"');
}

/// Why a table cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {problem}")]
pub struct TableError {
    path: std::path::PathBuf,
    problem: String,
}

/// A table as read from a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    path: std::path::PathBuf,
    /// Headers of the columns, units included.
    pub columns: Vec<String>,
    /// Rows of words.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads a whole table.
    ///
    /// # Errors
    /// The file cannot be read, or its rows differ in length.
    pub fn read(path: &Path) -> Result<Self, TableError> {
        let failed = |error: csv::Error| TableError {
            path: path.to_owned(),
            problem: error.to_string(),
        };
        let mut reader = csv::Reader::from_path(path).map_err(failed)?;
        let words = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
        let columns = reader.headers().map(words).map_err(failed)?;
        let rows = (reader.records())
            .map(|record| Ok(words(&record.map_err(failed)?)))
            .collect::<Result<_, TableError>>()?;
        Ok(Self {
            path: path.to_owned(),
            columns,
            rows,
        })
    }

    /// The numbers of the column whose header is `header`, or begins with `header [`; `None` where
    /// the table is empty.
    ///
    /// # Errors
    /// There is no such column, or a word in it is no number.
    pub fn reals(&self, header: &str) -> Result<Vec<Option<f64>>, TableError> {
        let failed = |problem| TableError {
            path: self.path.clone(),
            problem,
        };
        let begin = format!("{header} [");
        let is_it = |known: &String| known == header || known.starts_with(&begin);
        let Some(at) = self.columns.iter().position(is_it) else {
            let known = self.columns.join(", ");
            return Err(failed(format!("no column `{header}`; there are {known}")));
        };
        let parse = |row: &Vec<String>| match row[at].as_str() {
            "" => Ok(None),
            word => match word.parse() {
                Ok(value) => Ok(Some(value)),
                Err(_) => Err(failed(format!(
                    "found `{word}` in `{header}`, expected a number"
                ))),
            },
        };
        self.rows.iter().map(parse).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_table_continued_has_the_bytes_of_one_go_and_reads_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.csv");
        let columns = [
            TableColumn::new("step", ""),
            TableColumn::new("time", "ps"),
            TableColumn::new("note, \"quoted\"", ""),
        ];
        let row = |step: u32| {
            let note = Entry::Text("a \"b\", c".into());
            [step.into(), (f64::from(step) * 0.1).into(), note]
        };
        let mut table = TableWriter::create(&path, &columns).unwrap();
        table.row(&row(1)).unwrap();
        let position = table.sync().unwrap();
        table.row(&row(7)).unwrap();
        drop(table);
        let mut table = TableWriter::resume(&path, &columns, position).unwrap();
        table.row(&row(3)).unwrap();
        table
            .row(&[4_i64.into(), None::<f64>.into(), Entry::Empty])
            .unwrap();
        assert!(table.row(&[Entry::Empty]).is_err());
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(
            text,
            "step,time [ps],\"note, \"\"quoted\"\"\"\n1,0.1,\"a \"\"b\"\", c\"\n\
             3,0.30000000000000004,\"a \"\"b\"\", c\"\n4,,\n"
        );
        let table = Table::read(&path).unwrap();
        let times = table.reals("time").unwrap();
        assert_eq!(times, [Some(0.1), Some(3.0 * 0.1), None]);
        assert_eq!(table.rows[0][2], "a \"b\", c");
        assert!(table.reals("note").is_err());
        assert!(TableWriter::resume(&path, &columns[..2], position).is_err());
    }
}

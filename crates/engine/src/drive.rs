//! The loop.

use crate::Schedule;

/// Where an engine stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clock {
    /// Steps done.
    pub step: u64,
    /// Physical time, in the engine's unit.
    pub time: f64,
}

/// A method that advances a state step by step.
pub trait Engine {
    /// What a step may have to compute for those who look after it (energy, virial, ...).
    type Needs: Copy + Default;
    /// Why a step can fail.
    type Error;

    /// Where the engine stands.
    fn clock(&self) -> Clock;

    /// Where it will stand after the next step, as far as it can be known before.
    fn coming(&self) -> Clock;

    /// What either of two wants.
    fn join(first: Self::Needs, second: Self::Needs) -> Self::Needs;

    /// One step.
    ///
    /// # Errors
    /// What went wrong, with all that a post-mortem needs.
    fn advance(&mut self, needs: Self::Needs) -> Result<(), Self::Error>;
}

/// Somebody who looks at the state and never changes it.
pub trait Observer<E: Engine> {
    /// Why looking can fail: usually a write.
    type Error;

    /// When to look.
    fn schedule(&self) -> Schedule;

    /// What the step before a look must compute.
    fn needs(&self) -> E::Needs {
        E::Needs::default()
    }

    /// Whether to look now that the engine has come on from `before`, which is `None` at the start:
    /// when the schedule says so, unless an observer has moments of its own.
    fn is_due(&self, engine: &E, before: Option<Clock>) -> bool {
        self.schedule().is_due(before, engine.clock())
    }

    /// Looks.
    ///
    /// # Errors
    /// A failed write stops the run.
    fn observe(&mut self, engine: &E) -> Result<(), Self::Error>;
}

impl<E: Engine, O: Observer<E> + ?Sized> Observer<E> for Box<O> {
    type Error = O::Error;

    fn schedule(&self) -> Schedule {
        (**self).schedule()
    }

    fn needs(&self) -> E::Needs {
        (**self).needs()
    }

    fn is_due(&self, engine: &E, before: Option<Clock>) -> bool {
        (**self).is_due(engine, before)
    }

    fn observe(&mut self, engine: &E) -> Result<(), Self::Error> {
        (**self).observe(engine)
    }
}

/// What to do after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Go on.
    Continue,
    /// Leave the loop; the state is complete and can be saved.
    Stop,
}

/// Whoever watches over the loop: signals, progress, periodic checkpoints.
pub trait Supervisor<E: Engine, O> {
    /// Why supervision can fail: a checkpoint that cannot be written.
    type Error;

    /// Called after each step and its observations.
    ///
    /// # Errors
    /// Stops the run.
    fn after_step(&mut self, engine: &E, observers: &mut [O]) -> Result<Verdict, Self::Error>;
}

/// How a loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The last step was reached.
    Finished,
    /// The supervisor stopped it.
    Stopped,
}

/// Why a loop failed.
#[derive(Debug)]
pub enum DriveError<Step, Look> {
    /// A step failed.
    Step(Step),
    /// An observer or the supervisor failed.
    Look(Look),
}

/// Advances `engine` until it has done `last` steps.
///
/// `fresh` says that the engine's present state has not been shown to the observers yet: at the
/// start of a run, but not when it continues from a checkpoint.
///
/// # Errors
/// The first failure of a step, an observer or the supervisor.
pub fn drive<E, O, S, F>(
    engine: &mut E,
    observers: &mut [O],
    supervisor: &mut S,
    last: u64,
    fresh: bool,
) -> Result<Outcome, DriveError<E::Error, F>>
where
    E: Engine,
    O: Observer<E, Error = F>,
    S: Supervisor<E, O, Error = F>,
{
    if fresh {
        look(engine, observers, None).map_err(DriveError::Look)?;
    }
    while engine.clock().step < last {
        let before = engine.clock();
        let coming = engine.coming();
        let needs = observers
            .iter()
            .filter(|observer| observer.schedule().is_due(Some(before), coming))
            .fold(E::Needs::default(), |needs, observer| {
                E::join(needs, observer.needs())
            });
        engine.advance(needs).map_err(DriveError::Step)?;
        look(engine, observers, Some(before)).map_err(DriveError::Look)?;
        if supervisor
            .after_step(engine, observers)
            .map_err(DriveError::Look)?
            == Verdict::Stop
        {
            return Ok(Outcome::Stopped);
        }
    }
    Ok(Outcome::Finished)
}

fn look<E, O>(engine: &E, observers: &mut [O], before: Option<Clock>) -> Result<(), O::Error>
where
    E: Engine,
    O: Observer<E>,
{
    for observer in observers {
        if observer.is_due(engine, before) {
            observer.observe(engine)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A walker that fails on a given step.
    struct Walker {
        step: u64,
        fails_at: u64,
        needed: Vec<u64>,
    }

    impl Engine for Walker {
        type Needs = bool;
        type Error = u64;

        fn clock(&self) -> Clock {
            Clock {
                step: self.step,
                time: self.step as f64 * 0.5,
            }
        }

        fn coming(&self) -> Clock {
            Clock {
                step: self.step + 1,
                time: (self.step + 1) as f64 * 0.5,
            }
        }

        fn join(first: bool, second: bool) -> bool {
            first || second
        }

        fn advance(&mut self, needs: bool) -> Result<(), u64> {
            self.step += 1;
            if needs {
                self.needed.push(self.step);
            }
            if self.step == self.fails_at {
                Err(self.step)
            } else {
                Ok(())
            }
        }
    }

    struct Recorder(Schedule, Vec<u64>);

    impl Observer<Walker> for Recorder {
        type Error = ();

        fn schedule(&self) -> Schedule {
            self.0
        }

        fn needs(&self) -> bool {
            true
        }

        fn observe(&mut self, engine: &Walker) -> Result<(), ()> {
            self.1.push(engine.step);
            Ok(())
        }
    }

    struct StopAt(u64);

    impl Supervisor<Walker, Recorder> for StopAt {
        type Error = ();

        fn after_step(&mut self, engine: &Walker, _: &mut [Recorder]) -> Result<Verdict, ()> {
            Ok(if engine.step == self.0 {
                Verdict::Stop
            } else {
                Verdict::Continue
            })
        }
    }

    fn walker(fails_at: u64) -> Walker {
        Walker {
            step: 0,
            fails_at,
            needed: Vec::new(),
        }
    }

    #[test]
    fn a_stopped_and_continued_loop_shows_what_an_unbroken_one_shows() {
        let run = |stops: &[u64]| {
            let mut engine = walker(u64::MAX);
            let mut observers = [
                Recorder(Schedule::Steps(4), Vec::new()),
                Recorder(Schedule::Time(1.5), Vec::new()),
            ];
            let mut fresh = true;
            for &stop in stops {
                let outcome = drive(&mut engine, &mut observers, &mut StopAt(stop), 20, fresh);
                assert_eq!(outcome.unwrap(), Outcome::Stopped);
                fresh = false;
            }
            let outcome = drive(&mut engine, &mut observers, &mut StopAt(0), 20, fresh);
            assert_eq!(outcome.unwrap(), Outcome::Finished);
            let [first, second] = observers;
            (first.1, second.1, engine.needed)
        };
        let whole = run(&[]);
        assert_eq!(whole.0, [0, 4, 8, 12, 16, 20]);
        assert_eq!(whole.1, [0, 3, 6, 9, 12, 15, 18]);
        assert_eq!(whole.2, [3, 4, 6, 8, 9, 12, 15, 16, 18, 20]);
        assert_eq!(whole, run(&[3, 4, 17]));
    }

    #[test]
    fn a_failed_step_ends_the_loop() {
        let mut engine = walker(5);
        let outcome = drive(&mut engine, &mut [], &mut StopAt(0), 20, true);
        assert!(matches!(outcome, Err(DriveError::Step(5))));
    }
}

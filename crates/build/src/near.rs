//! Which points are near a place.

use frit_atoms::Vector;

/// Points sorted into boxes of one reach.
pub(crate) struct Near<'a> {
    points: &'a [Vector],
    reach: f64,
    low: Vector,
    side: f64,
    boxes: [i64; 3],
    starts: Vec<u32>,
    order: Vec<u32>,
}

impl<'a> Near<'a> {
    /// Points to be looked for up to `reach` [Å].
    pub(crate) fn new(points: &'a [Vector], reach: f64) -> Self {
        let mut low = Vector::repeat(f64::INFINITY);
        let mut high = Vector::repeat(f64::NEG_INFINITY);
        for point in points {
            low = low.inf(point);
            high = high.sup(point);
        }
        if points.is_empty() {
            (low, high) = (Vector::zeros(), Vector::zeros());
        }
        // Not many more boxes than points, however far single points lie apart.
        let mut side = reach;
        let number = |side: f64| (high - low).map(|edge| (edge / side).floor() as i64 + 1);
        while number(side).iter().map(|&n| n as f64).product::<f64>()
            > 8.0 * points.len() as f64 + 1000.0
        {
            side *= 1.5;
        }
        let boxes = number(side);
        let mut near = Self {
            points,
            reach,
            low,
            side,
            boxes: [boxes.x, boxes.y, boxes.z],
            starts: Vec::new(),
            order: Vec::new(),
        };
        near.sort();
        near
    }

    /// Numbers of the points up to the reach from a place (itself too, if it is a point), with
    /// their distances [Å].
    pub(crate) fn around(&self, place: Vector) -> impl Iterator<Item = (usize, f64)> + '_ {
        let here = self.box_of(&place);
        let limit = self.reach * self.reach;
        let range = |k: usize| (here[k] - 1).max(0)..=(here[k] + 1).min(self.boxes[k] - 1);
        let (along_y, along_z) = (range(1), range(2));
        range(0)
            .flat_map(move |x| along_y.clone().map(move |y| (x, y)))
            .flat_map(move |(x, y)| along_z.clone().map(move |z| [x, y, z]))
            .flat_map(move |place| {
                let index = self.index(place);
                &self.order[self.starts[index] as usize..self.starts[index + 1] as usize]
            })
            .filter_map(move |&point| {
                let square = (self.points[point as usize] - place).norm_squared();
                (square <= limit).then(|| (point as usize, square.sqrt()))
            })
    }

    fn sort(&mut self) {
        let count: i64 = self.boxes.iter().product();
        let place: Vec<usize> = self
            .points
            .iter()
            .map(|point| self.index(self.box_of(point)))
            .collect();
        self.starts = vec![0; count as usize + 1];
        for &index in &place {
            self.starts[index + 1] += 1;
        }
        for index in 0..count as usize {
            self.starts[index + 1] += self.starts[index];
        }
        let mut next = self.starts.clone();
        self.order = vec![0; self.points.len()];
        for (point, &index) in place.iter().enumerate() {
            self.order[next[index] as usize] = point as u32;
            next[index] += 1;
        }
    }

    fn box_of(&self, place: &Vector) -> [i64; 3] {
        let within = (place - self.low) / self.side;
        [0, 1, 2].map(|k| within[k].floor() as i64)
    }

    fn index(&self, place: [i64; 3]) -> usize {
        ((place[0] * self.boxes[1] + place[1]) * self.boxes[2] + place[2]) as usize
    }
}

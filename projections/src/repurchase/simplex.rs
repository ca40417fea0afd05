//! Finds where a function is least, without its derivatives (Nelder and Mead 1965).

const STEP: f64 = 0.5;
const STEPS: usize = 2_000;
const CLOSE: f64 = 1e-11;
/// It may stop early on a ridge: from there it begins anew, as long as that leads further.
const ROUNDS: usize = 5;

type Point<const N: usize> = [f64; N];

#[derive(Debug, Clone, Copy)]
struct Vertex<const N: usize> {
    at: Point<N>,
    value: f64,
}

/// The least value that was found from there on, and where. N is at least 2.
pub(super) fn minimise<const N: usize>(
    start: Point<N>,
    function: impl Fn(&Point<N>) -> f64,
) -> (Point<N>, f64) {
    let vertex = |at: Point<N>| {
        let value = function(&at);
        Vertex { at, value: if value.is_nan() { f64::INFINITY } else { value } }
    };
    let mut best = vertex(start);
    for _ in 0..ROUNDS {
        let found = descend(best, &vertex);
        let gain = best.value - found.value;
        best = found;
        if gain <= CLOSE.sqrt() * best.value.abs() {
            break;
        }
    }
    (best.at, best.value)
}

fn descend<const N: usize>(start: Vertex<N>, vertex: &impl Fn(Point<N>) -> Vertex<N>) -> Vertex<N> {
    let mut simplex = vec![start];
    for axis in 0..N {
        let mut at = start.at;
        at.iter_mut().skip(axis).take(1).for_each(|value| *value += STEP);
        simplex.push(vertex(at));
    }
    for _ in 0..STEPS {
        simplex.sort_by(|one, other| one.value.total_cmp(&other.value));
        let [best, .., second, worst] = simplex.as_slice() else { break };
        let (best, second, worst) = (*best, *second, *worst);
        if worst.value - best.value <= CLOSE * best.value.abs() {
            break;
        }
        simplex.pop();
        let centre = centroid(&simplex);
        let beyond = |by: f64| vertex(along(&worst.at, &centre, by));
        let reflected = beyond(2.0);
        if reflected.value < best.value {
            let expanded = beyond(3.0);
            simplex.push(if expanded.value < reflected.value { expanded } else { reflected });
            continue;
        }
        if reflected.value < second.value {
            simplex.push(reflected);
            continue;
        }
        let contracted = beyond(if reflected.value < worst.value { 1.5 } else { 0.5 });
        if contracted.value < reflected.value.min(worst.value) {
            simplex.push(contracted);
            continue;
        }
        simplex.push(worst);
        simplex.iter_mut().skip(1).for_each(|other| {
            *other = vertex(along(&other.at, &best.at, 0.5));
        });
    }
    simplex.into_iter().min_by(|one, other| one.value.total_cmp(&other.value)).unwrap_or(start)
}

fn centroid<const N: usize>(simplex: &[Vertex<N>]) -> Point<N> {
    let mut centre = [0.0; N];
    for vertex in simplex {
        centre.iter_mut().zip(vertex.at).for_each(|(sum, value)| *sum += value);
    }
    let count = simplex.iter().fold(0.0, |count, _| count + 1.0);
    centre.map(|sum| sum / count)
}

/// The point so far on the way from one to another.
fn along<const N: usize>(from: &Point<N>, to: &Point<N>, by: f64) -> Point<N> {
    let mut point = *from;
    point.iter_mut().zip(to).for_each(|(value, to)| *value += by * (to - *value));
    point
}

//! The pool under load: what lives stays, what died comes back, the end is exact.

use super::*;

const VALUES: Kind = Kind(1);
const BYTES: Kind = Kind(130);

fn values(n: u32) -> Header {
    Header::new(VALUES, 0, 0, n)
}

fn collect(heap: &mut Heap, roots: &[Value]) {
    heap.begin_collect();
    for &r in roots {
        heap.mark(r);
    }
    heap.finish_collect();
}

#[test]
fn what_is_reachable_survives_with_its_content() {
    let mut heap = Heap::new(4096, 4096);
    let inner = heap.alloc(values(2)).unwrap();
    heap.set(inner, 1, Value::int(42));
    let outer = heap.alloc(values(3)).unwrap();
    heap.set(outer, 0, inner.into());
    let raw = heap.alloc(Header::new(BYTES, 0, 0, 5)).unwrap();
    heap.bytes_mut(raw).copy_from_slice(b"hello");
    heap.set(outer, 2, raw.into());
    let before = heap.stats().used;
    collect(&mut heap, &[outer.into()]);
    assert_eq!(heap.stats().used, before);
    while heap.alloc(values(3)).is_ok() {}
    assert_eq!(heap.get(inner, 1), Value::int(42));
    assert_eq!(heap.bytes(raw), b"hello");
}

#[test]
fn garbage_comes_back_to_the_last_block() {
    let mut heap = Heap::new(16 * 100, 16 * 100);
    let mut n = 0;
    while heap.alloc(values(3)).is_ok() {
        n += 1;
    }
    assert_eq!(n, 99, "block 0 is the null object");
    assert_eq!(heap.stats().free, 0);
    collect(&mut heap, &[]);
    assert_eq!(heap.stats().free, 99 * 16);
    assert!(heap.alloc(values(4 * 99 - 1)).is_ok());
}

#[test]
fn bytes_are_charged_as_the_device_charges_them() {
    let mut heap = Heap::new(65536, 65536);
    let before = heap.stats().free;
    heap.alloc(Header::new(BYTES, 0, 0, 1600)).unwrap();
    assert_eq!(before - heap.stats().free, 1600 + 16);
}

#[test]
fn a_freed_object_is_reused_without_a_collection() {
    let mut heap = Heap::new(1600, 1600);
    let a = heap.alloc(values(39)).unwrap();
    let b = heap.alloc(values(39)).unwrap();
    while heap.alloc(values(3)).is_ok() {}
    heap.free(a);
    assert_eq!(heap.alloc(values(39)), Ok(a));
    heap.free(b);
    assert_eq!(heap.stats().free, 160);
}

#[test]
fn the_last_object_grows_in_place_and_a_hemmed_in_one_does_not() {
    let mut heap = Heap::new(4096, 4096);
    let a = heap.alloc(values(3)).unwrap();
    assert!(heap.resize_in_place(a, 11));
    assert_eq!(heap.get(a, 10), Value::NULL);
    heap.alloc(values(3)).unwrap();
    assert!(!heap.resize_in_place(a, 100));
    assert_eq!(heap.len(a), 11);
    assert!(heap.resize_in_place(a, 3));
}

#[test]
fn a_doomed_object_is_handed_out_once_and_dies_the_next_time() {
    let mut heap = Heap::new(4096, 4096);
    let a = heap.alloc(values(1)).unwrap();
    heap.add_finaliser(a);
    collect(&mut heap, &[a.into()]);
    assert_eq!(heap.take_doomed(), None);
    collect(&mut heap, &[]);
    assert!(heap.is_used(a));
    assert_eq!(heap.take_doomed(), Some(a));
    collect(&mut heap, &[]);
    assert!(!heap.is_used(a));
}

#[test]
fn a_pool_grows_once_to_its_largest_size() {
    let mut heap = Heap::new(1600, 3200);
    while heap.alloc(values(3)).is_ok() {}
    assert!(heap.grow());
    assert!(heap.alloc(values(3)).is_ok());
    assert!(!heap.grow());
    assert_eq!(heap.stats().total, 3200);
}

/// A long deterministic life: allocate, link, drop, resize, collect; a shadow copy agrees.
#[test]
fn a_random_life_keeps_every_live_object_intact() {
    let mut heap = Heap::new(32 * 1024, 32 * 1024);
    let mut live: Vec<(Ref, u64, usize)> = Vec::new();
    let mut seed = 0x1234_5678_u64;
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize
    };
    for step in 0..200_000u64 {
        let n = 1 + next() % 30;
        let mut made = heap.alloc(values(n as u32));
        if made.is_err() {
            let roots: Vec<Value> = live.iter().map(|l| l.0.into()).collect();
            collect(&mut heap, &roots);
            made = heap.alloc(values(n as u32));
        }
        if let Ok(r) = made {
            for i in 0..n {
                heap.set(r, i, Value::int((step * 100 + i as u64) as i64));
            }
            live.push((r, step, n));
        }
        if made.is_err() || next() % 3 == 0 && !live.is_empty() || live.len() > 300 {
            let (r, mark, n) = live.swap_remove(next() % live.len());
            for i in 0..n {
                assert_eq!(heap.get(r, i), Value::int((mark * 100 + i as u64) as i64));
            }
            if next() % 2 == 0 {
                heap.free(r);
            }
        }
    }
}

#[test]
fn what_is_held_weakly_is_lost_with_its_last_reference() {
    let mut heap = Heap::new(4096, 4096);
    let make = |heap: &mut Heap| heap.alloc(values(1)).unwrap();
    let (target, early, late, strong) =
        (make(&mut heap), make(&mut heap), make(&mut heap), make(&mut heap));
    heap.hold_weakly(early, target, false);
    heap.hold_weakly(strong, target, true);
    heap.hold_weakly(late, target, false);
    collect(&mut heap, &[target, early, late].map(Value::from));
    assert_eq!(heap.held_weakly(late), Some(target));
    assert!(heap.is_used(strong) && !heap.has_bereft());
    collect(&mut heap, &[early, late].map(Value::from));
    assert!(!heap.is_used(target));
    assert_eq!(heap.held_weakly(early), None);
    // Those that wait to be told live on.
    collect(&mut heap, &[]);
    let told: Vec<Ref> = core::iter::from_fn(|| heap.take_bereft()).collect();
    assert_eq!(told, [strong, late, early]);
    collect(&mut heap, &[]);
    assert!(!heap.is_used(strong) && !heap.is_used(early));
}

#[test]
fn a_holder_that_dies_is_not_told_and_one_that_lets_go_is_not_either() {
    let mut heap = Heap::new(4096, 4096);
    let make = |heap: &mut Heap| heap.alloc(values(1)).unwrap();
    let (target, gone, released) = (make(&mut heap), make(&mut heap), make(&mut heap));
    heap.hold_weakly(gone, target, false);
    heap.hold_weakly(released, target, true);
    heap.let_go(released);
    // A target with a finaliser is dead though it stays until the next collection.
    heap.add_finaliser(target);
    collect(&mut heap, &[released.into()]);
    assert_eq!(heap.take_doomed(), Some(target));
    assert_eq!((heap.held_weakly(gone), heap.held_weakly(released)), (None, None));
    assert!(!heap.has_bereft() && !heap.is_used(gone));
}

//! Multicast groups and what is said of names in them, as frames on the air.

use crate::lab::Lab;
use coil_air::{Mdns, Resolution, SocketError, Summary};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::sync::{Arc, Mutex};

const GROUP: Ipv4Addr = Ipv4Addr::new(239, 1, 2, 3);
const MDNS: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::new(224, 0, 0, 251), 5353);

/// What is said on the air, with its moments and the bytes.
type Said = Arc<Mutex<Vec<(u64, String, Vec<u8>)>>>;

fn listen(lab: &Lab) -> Said {
    let said = Said::default();
    let to = said.clone();
    lab.air.add_tap(Arc::new(move |at_us, frame: &[u8]| {
        let text = Summary::of(frame).unwrap().text;
        to.lock().unwrap().push((at_us, text, frame.to_vec()));
    }));
    said
}

/// Takes those that say something.
fn take(said: &Said, what: &str) -> Vec<(u64, String, Vec<u8>)> {
    std::mem::take(&mut *said.lock().unwrap())
        .into_iter()
        .filter(|(_, text, _)| text.contains(what))
        .collect()
}

#[test]
fn a_group_is_told_when_it_is_joined_and_once_more_and_when_somebody_asks() {
    let mut lab = Lab::online(2);
    let said = listen(&lab);
    let joined_us = lab.now_us;
    lab.boards[0].join_group(GROUP, Ipv4Addr::UNSPECIFIED).unwrap();
    lab.boards[0].join_group(GROUP, Ipv4Addr::UNSPECIFIED).unwrap();
    lab.run(10_000_000);
    let reports = take(&said, "IGMP");
    let [(first_us, text, frame), (again_us, ..)] = &reports[..] else { panic!("{reports:?}") };
    let own = lab.boards[0].ifconfig().unwrap().address;
    assert_eq!(*text, format!("IGMP {own} > {GROUP} in {GROUP}"));
    assert_eq!(frame[..6], [1, 0, 0x5e, 1, 2, 3]);
    // Its life ends with the first router, which is to look into it.
    assert_eq!((frame[14], frame[22], &frame[34..38]), (0x46, 1, &[0x94, 4, 0, 0][..]));
    assert_eq!(*first_us, joined_us);
    assert!((100_000..500_000).contains(&(again_us - joined_us)), "{again_us}");
    // A question of the other board, for all groups, with ten seconds to answer.
    let mut query = frame.clone();
    query[..6].copy_from_slice(&[1, 0, 0x5e, 0, 0, 1]);
    query[6..12].copy_from_slice(&lab.boards[1].mac());
    query[30..34].copy_from_slice(&[224, 0, 0, 1]);
    query[38..46].copy_from_slice(&[0x11, 100, 0xee, 0x9b, 0, 0, 0, 0]);
    mend(&mut query);
    let now_us = lab.now_us;
    lab.boards[1].send_frame(&query, now_us);
    lab.run(11_000_000);
    assert_eq!(take(&said, "> 239.1.2.3 in 239.1.2.3").len(), 1);
    // One that hears it said by another does not say it as well.
    lab.boards[1].join_group(GROUP, Ipv4Addr::UNSPECIFIED).unwrap();
    lab.run(1_000_000);
    take(&said, "");
    let now_us = lab.now_us;
    query[6..12].copy_from_slice(&[0x02, 0, 0, 0, 0, 9]);
    let mut third = lab.air.attach([0x02, 0, 0, 0, 0, 9]);
    third.connect(crate::lab::SSID, crate::lab::PASSWORD, now_us);
    lab.boards.push(third);
    lab.run(6_000_000);
    let now_us = lab.now_us;
    lab.boards[2].send_frame(&query, now_us);
    lab.run(11_000_000);
    assert_eq!(take(&said, "> 239.1.2.3 in 239.1.2.3").len(), 1);
}

/// Makes the checksum of the IP header right.
fn mend(frame: &mut [u8]) {
    frame[24..26].fill(0);
    let sum = frame[14..38]
        .chunks(2)
        .fold(0u32, |sum, pair| sum + u32::from(u16::from_be_bytes([pair[0], pair[1]])));
    let sum = !((sum & 0xffff) + (sum >> 16)) as u16;
    frame[24..26].copy_from_slice(&sum.to_be_bytes());
}

#[test]
fn groups_have_a_bound_and_end_with_the_interface() {
    let mut lab = Lab::online(1);
    let board = &mut lab.boards[0];
    board.set_interface(true);
    let nth = |n| Ipv4Addr::new(239, 0, 0, n);
    for n in 0..32 {
        board.join_group(nth(n), Ipv4Addr::UNSPECIFIED).unwrap();
    }
    let joined = board.join_group(nth(32), Ipv4Addr::UNSPECIFIED);
    assert_eq!(joined, Err(SocketError::TooManyGroups));
    board.set_interface(false);
    board.set_interface(true);
    for n in 32..64 {
        board.join_group(nth(n), Ipv4Addr::UNSPECIFIED).unwrap();
    }
}

#[test]
fn a_name_is_asked_for_three_times_before_it_is_announced() {
    let mut lab = Lab::new(2);
    for (board, name) in lab.boards.iter_mut().zip(["one", "two"]) {
        board.set_mdns(Mdns::Driver);
        board.set_hostname(name);
    }
    let said = listen(&lab);
    lab.join_all();
    assert_eq!(lab.boards[0].start_resolve("two.local").map(|_| ()), Ok(()));
    lab.run(5_000_000);
    let all = take(&said, "one.local");
    let texts: Vec<&str> = all.iter().map(|(_, text, _)| &text[..]).collect();
    assert_eq!(texts.iter().filter(|text| text.contains("ANY? one.local")).count(), 3, "{texts:?}");
    assert_eq!(texts.iter().filter(|text| text.contains("one.local is")).count(), 3, "{texts:?}");
    let moments: Vec<u64> = all.iter().map(|(at_us, ..)| at_us - all[0].0).collect();
    assert_eq!(moments, [0, 250_000, 500_000, 750_000, 1_750_000, 2_750_000]);
    assert_eq!(lab.boards[0].local_name(), Some("one.local"));
}

#[test]
fn who_floods_a_board_with_questions_gets_few_answers() {
    let mut lab = Lab::new(2);
    for (board, name) in lab.boards.iter_mut().zip(["one", "two"]) {
        board.set_mdns(Mdns::Driver);
        board.set_hostname(name);
    }
    lab.join_all();
    lab.run(5_000_000);
    let said = listen(&lab);
    let asker = lab.boards[1].udp_open().unwrap();
    let mut question = vec![0, 1, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0];
    for _ in 0..64 {
        question.extend(b"\x03one\x05local\x00\x00\x01\x00\x01");
    }
    let mut asked = 0;
    for _ in 0..500 {
        while lab.boards[1].send_to(asker, &question, MDNS).is_ok() {
            asked += 1;
        }
        lab.run(1000);
    }
    let answers = take(&said, ":5353 > ").len();
    assert!(asked > 1500, "{asked}");
    // Eight wait at a time, and the last of them a tenth of a second.
    assert!((10..=8 * 21).contains(&answers), "{answers}");
    // It is still there.
    lab.run(1_000_000);
    assert!(matches!(lab.resolve(1, "one.local"), Resolution::Found(_)));
}

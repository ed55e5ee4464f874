//! `cryptolib`: AES, block by block (mode 1) or chained (mode 2).

use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Aes256, Block};
use alloc::vec::Vec;
use coil_vm::rom::{Args, Item, ModuleDef, TypeDef, def};
use coil_vm::{Res, Value, Vm, kinds};

/// `cryptolib`
pub static MODULE: ModuleDef =
    ModuleDef { name: "cryptolib", items: &[Item::Type("aes", &AES)], attr: None };

/// Fields: key, vector (or `None`), mode, and what it has been used for.
const KEY: usize = 0;
const VECTOR: usize = 1;
const MODE: usize = 2;
const USE: usize = 3;

const ECB: i64 = 1;
const CBC: i64 = 2;

static AES: TypeDef = TypeDef {
    name: "aes",
    items: &[
        def("encrypt(self, data, out=)", |vm, a| process(vm, a, true)),
        def("decrypt(self, data, out=)", |vm, a| process(vm, a, false)),
    ],
    new: Some(new),
    ..TypeDef::EMPTY
};

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    vm.check_args(args, 2, 3)?;
    let mode = vm.expect_int(vm.arg(args, 1))?;
    if mode != ECB && mode != CBC {
        return Err(vm.value_error("mode"));
    }
    let key = vm.expect_bytes_like(vm.arg(args, 0))?;
    if key.len() != 16 && key.len() != 32 {
        return Err(vm.value_error("key"));
    }
    let vector = match vm.arg(args, 2) {
        v if v.is_null() || v == Value::NONE => {
            if mode == CBC {
                return Err(vm.value_error("IV"));
            }
            Value::NONE
        }
        v => {
            let bytes = vm.expect_bytes_like(v)?;
            if bytes.len() != 16 {
                return Err(vm.value_error("IV"));
            }
            vm.alloc_bytes(kinds::STORE, 0, &bytes)?.into()
        }
    };
    let key = vm.alloc_bytes(kinds::STORE, 0, &key)?;
    vm.new_native(&AES, &[key.into(), vector, Value::int(mode), Value::int(0)])
}

/// A key made ready for one direction.
enum Cipher {
    Short(Aes128),
    Long(Aes256),
}

impl Cipher {
    fn new(key: &[u8]) -> Option<Self> {
        match key.len() {
            16 => Aes128::new_from_slice(key).ok().map(Self::Short),
            _ => Aes256::new_from_slice(key).ok().map(Self::Long),
        }
    }

    fn apply(&self, block: &mut Block, encrypt: bool) {
        match (self, encrypt) {
            (Self::Short(c), true) => c.encrypt_block(block),
            (Self::Short(c), false) => c.decrypt_block(block),
            (Self::Long(c), true) => c.encrypt_block(block),
            (Self::Long(c), false) => c.decrypt_block(block),
        }
    }
}

fn process(vm: &mut Vm, args: Args, encrypt: bool) -> Res {
    let (this, out) = (vm.arg(args, 0), vm.arg(args, 2));
    let mut data = vm.expect_bytes_like(vm.arg(args, 1))?;
    if data.len() % 16 != 0 {
        return Err(vm.value_error("blksize % 16"));
    }
    if !out.is_null() && vm.buffer_len(out)? < data.len() {
        return Err(vm.value_error("output too small"));
    }
    let direction = if encrypt { 1 } else { 2 };
    if vm.native_int(this, USE) == 3 - direction {
        return Err(vm.value_error("can't encrypt & decrypt"));
    }
    vm.set_native_field(this, USE, Value::int(direction));
    let stored = |vm: &Vm, i| vm.as_ref_kind(vm.native_field(this, i), kinds::STORE);
    let key = stored(vm, KEY).map_or_else(Vec::new, |r| vm.heap.bytes(r).to_vec());
    let Some(cipher) = Cipher::new(&key) else { return Err(vm.value_error("key")) };
    let chained = vm.native_int(this, MODE) == CBC;
    let mut vector = [0; 16];
    if let Some(r) = stored(vm, VECTOR) {
        vector.copy_from_slice(vm.heap.bytes(r));
    }
    for part in data.chunks_exact_mut(16) {
        let mut block = Block::default();
        block.copy_from_slice(part);
        let mix = |block: &mut Block, with: &[u8; 16]| {
            block.iter_mut().zip(with).for_each(|(b, w)| *b ^= w);
        };
        if chained && encrypt {
            mix(&mut block, &vector);
        }
        let before: [u8; 16] = block.into();
        cipher.apply(&mut block, encrypt);
        if chained && !encrypt {
            mix(&mut block, &vector);
        }
        vector = if encrypt { block.into() } else { before };
        part.copy_from_slice(&block);
    }
    if chained && let Some(r) = stored(vm, VECTOR) {
        vm.heap.bytes_mut(r).copy_from_slice(&vector);
    }
    if out.is_null() {
        return vm.new_bytes(&data);
    }
    vm.buffer_write(out, 0, &data)?;
    Ok(out)
}

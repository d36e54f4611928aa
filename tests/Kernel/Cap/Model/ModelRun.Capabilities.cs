using Atoll.Abi;
using Atoll.Cap;

namespace Atoll.Kernel.Tests.Cap.Model;

/// <content>Making, copying, moving, deleting.</content>
public sealed partial class ModelRun
{
    private void Retype()
    {
        ulong untyped = Any(CapabilityType.Untyped);
        ulong node = Any(CapabilityType.CNode);
        if (untyped == 0 || node == 0)
        {
            return;
        }

        CapabilityType type = random.Next(40) == 0 ? (CapabilityType)random.Next(20)
            : ModelKinds.Makeable[random.Next(ModelKinds.Makeable.Length)];
        type = random.Next(4) == 0 ? CapabilityType.PageTable : type;
        type = random.Next(4) == 0 || (_model[untyped]!.IsDevice && random.Next(12) != 0) ? CapabilityType.Frame : type;
        byte bits = type switch
        {
            CapabilityType.Untyped => (byte)random.Next(5, 18),
            CapabilityType.Frame => (byte)(_model[untyped]!.IsDevice ? 12 + (random.Next(3) * 9) : 12),
            CapabilityType.CNode => (byte)random.Next(0, random.Next(4) == 0 ? 8 : 4),
            _ => (byte)(random.Next(30) == 0 ? 1 : 0),
        };
        uint count = random.Next(4) == 0 ? (uint)random.Next(0, 6) : 1;
        ulong index = (ulong)random.Next((1 << _model[node]!.SizeBits) + 1);
        for (int look = 0; look < 8 && _model[_model[node]!.Object + (index * 64)] is not null; look++)
        {
            index = (ulong)random.Next(1 << _model[node]!.SizeBits);
        }

        var request = RetypeRequest.Of(type, bits, count);
        SystemResult expected = _model.Retype(untyped, request, node, index);
        Expect(expected, world.Retype(untyped, request, node, index).Result,
            $"retype {count} {type}/{bits} of {Name(untyped)} into {Name(node)}[{index}]");
        if (expected == SystemResult.Ok && type != CapabilityType.Untyped && !_model[untyped]!.IsDevice)
        {
            CheckIsZero(_model[node]!.Object + (index * 64), count);
        }
    }

    // But for what a fresh object of the kind has: the kernel's half of an address space; the flags of a thread.
    private void CheckIsZero(ulong firstSlot, uint count)
    {
        for (uint i = 0; i < count; i++)
        {
            ModelCapability made = _model[firstSlot + (i * 64)]!;
            Span<byte> memory = CapabilityWorld.Memory(made.Object, made.Bytes);
            for (int at = 0; at < memory.Length; at++)
            {
                bool isSet = (made.Type == CapabilityType.VSpace && at >= 4088)
                    || (made.Type == CapabilityType.Thread && (at is >= 128 and < 136 || (at >= 1024 && at < 1280 && at % 64 == 3)))
                    || (made.Type == CapabilityType.CNode && _model[made.Object + ((ulong)at & ~63UL)] is not null);
                MismatchException.ThrowUnless(isSet || memory[at] == 0, $"byte {at} of a new {made.Type} is {memory[at]:x}");
            }
        }
    }

    private void Copy()
    {
        ulong source = _model.Held.Values.FirstOrDefault(held => held.IsMapped && _slots.Contains(held.Slot) && random.Next(5) == 0)?.Slot
            ?? AnySlot(wantsHeld: random.Next(10) != 0);
        ulong target = AnySlot(wantsHeld: false);
        if (target == 0 || source == 0 || _model[target] is not null)
        {
            return;
        }

        var rights = (CapabilityRights)random.Next(16) | (CapabilityRights)random.Next(16);
        ulong? word = random.Next(2) == 0 ? null : random.Next(2) == 0 ? CNodeGuard.Of((byte)random.Next(64),
            (ulong)random.Next(4)).Raw : (ulong)random.Next(3);
        SystemResult expected = _model.Copy(source, target, rights, word);
        Outcome outcome = word is { } minted
            ? Copying.Mint(CapabilityWorld.At(source), CapabilityWorld.At(target), rights, minted)
            : Copying.Derive(CapabilityWorld.At(source), CapabilityWorld.At(target), rights);
        Expect(expected, outcome.Result, $"copy {Name(source)} to {Name(target)} {rights} {word}");
    }

    private void Move()
    {
        ulong source = AnySlot(wantsHeld: true);
        ulong target = AnySlot(wantsHeld: false);
        if (source == 0 || target == 0 || _model[target] is not null)
        {
            return;
        }

        SystemResult expected = _model.Move(source, target);
        Expect(expected, Moving.Move(CapabilityWorld.At(source), CapabilityWorld.At(target)).Result,
            $"move {Name(source)} to {Name(target)}");
    }

    private void Swap()
    {
        ulong one = AnySlot(wantsHeld: true);
        ulong other = AnySlot(wantsHeld: true);
        SystemResult expected = _model.Swap(one, other);
        Expect(expected, Moving.Swap(CapabilityWorld.At(one), CapabilityWorld.At(other)).Result, $"swap {Name(one)} and {Name(other)}");
    }

    private void Delete()
    {
        ulong slot = AnySlot(wantsHeld: random.Next(20) != 0);
        if (slot == 0 || (IsRoot(slot) && random.Next(200) != 0))
        {
            return;
        }

        Note($"delete {Name(slot)}");
        _model.Delete(slot);
        world.Delete(slot);
    }

    private void RevokeAndReset()
    {
        ulong slot = random.Next(4) == 0 ? Any(CapabilityType.Untyped) : AnySlot(wantsHeld: true);
        if (random.Next(3) == 0 && Any(CapabilityType.Untyped) is not 0 and var untyped)
        {
            Expect(_model.Reset(untyped), UntypedReset.Reset(ref CapabilityWorld.Slot(untyped)).Result, $"reset {Name(untyped)}");
        }

        if (slot == 0 || (_model[slot]?.Object == world.UntypedBase && random.Next(4) != 0))
        {
            return;
        }

        Note($"revoke {Name(slot)}");
        _model.Revoke(slot);
        world.Revoke(slot);
        if (_model[slot]?.Type == CapabilityType.Untyped)
        {
            Expect(_model.Reset(slot), UntypedReset.Reset(ref CapabilityWorld.Slot(slot)).Result, $"reset {Name(slot)}");
        }
    }
}

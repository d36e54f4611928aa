using Atoll.Abi;
using Atoll.Cap;
using Thread = Atoll.Cap.Thread;

namespace Atoll.Kernel.Tests.Cap.Model;

/// <summary>Random operations on the kernel and on the model; both must agree after each.</summary>
public sealed class ModelRun(CapabilityWorld world, Random random)
{
    private readonly ReferenceModel _model = new();
    private ulong[] _slots = [];

    /// <summary>Step that is being done; for the message of a failure.</summary>
    public int Step { get; private set; }

    /// <summary>The last operations, oldest first.</summary>
    public Queue<string> Trace { get; } = new();

    /// <summary>How often each operation had each outcome.</summary>
    public static Dictionary<(string Operation, SystemResult Result), int> Outcomes { get; } = [];

    /// <summary>Runs seeds until one fails; for callers that know no types of this assembly.</summary>
    /// <returns>null, or which seed failed at which step, and how.</returns>
    public static string? RunMany(int seeds, int steps)
    {
        using var world = new CapabilityWorld();
        for (int seed = 1; seed <= seeds; seed++)
        {
            if (Run(world, seed, steps) is { } failure)
            {
                return $"seed {seed}, {failure}";
            }
        }

        return null;
    }

    /// <summary>Runs one seed in a world that is set back first.</summary>
    /// <returns>null, or at which step what went wrong.</returns>
    public static string? Run(CapabilityWorld world, int seed, int steps)
    {
        world.Reset();
        world.Machine.UsePageTables(world.KernelTables);
        var run = new ModelRun(world, new Random(seed));
        try
        {
            run.Run(steps);
            return null;
        }
        catch (Exception error)
        {
            return $"step {run.Step}: {error.GetType().Name} {error.Message}\nlast: {string.Join("; ", run.Trace)}";
        }
    }

    private void Run(int steps)
    {
        _model.AddRoot(world.NodeSlot, new() { Type = CapabilityType.CNode, SizeBits = CapabilityWorld.RootRadix, Object = world.RootSlots, Extra = 64u - CapabilityWorld.RootRadix });
        _model.AddRoot(world.UntypedSlot, new() { Type = CapabilityType.Untyped, SizeBits = CapabilityWorld.UntypedBits, Object = world.UntypedBase });
        _model.AddRoot(world.DeviceSlot, new() { Type = CapabilityType.Untyped, SizeBits = 31, Object = CapabilityWorld.DeviceBase, IsDevice = true });
        _model.AddRoot(world.IrqSlot, new() { Type = CapabilityType.IrqControl });
        _model.AddRoot(world.PortSlot, new() { Type = CapabilityType.IoPortControl });
        for (Step = 1; Step <= steps; Step++)
        {
            _slots = [.. _model.Slots];
            if (_slots.Length == 0)
            {
                return;
            }

            DoOne();
            StateComparison.Check(world, _model);
            Disturb();
        }
    }

    private void DoOne()
    {
        switch (random.Next(32))
        {
            case < 8:
                Retype();
                break;
            case < 12:
                Copy();
                break;
            case < 14:
                Move();
                break;
            case 14:
                Swap();
                break;
            case < 18:
                MapTable();
                break;
            case < 22:
                MapFrame();
                break;
            case 22:
                Unmap();
                break;
            case < 25:
                Configure();
                break;
            case 25:
                Bind();
                break;
            case 26:
                Wait();
                break;
            case 27:
                Control();
                break;
            case < 31:
                Delete();
                break;
            default:
                RevokeAndReset();
                break;
        }
    }

    private void Retype()
    {
        ulong untyped = Any(CapabilityType.Untyped);
        ulong node = Any(CapabilityType.CNode);
        if (untyped == 0 || node == 0)
        {
            return;
        }

        CapabilityType type = random.Next(40) == 0 ? (CapabilityType)random.Next(20) : ModelKinds.Makeable[random.Next(ModelKinds.Makeable.Length)];
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
        Expect(expected, world.Retype(untyped, request, node, index).Result, $"retype {count} {type}/{bits} of {Name(untyped)} into {Name(node)}[{index}]");
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
        ulong? word = random.Next(2) == 0 ? null : random.Next(2) == 0 ? CNodeGuard.Of((byte)random.Next(64), (ulong)random.Next(4)).Raw : (ulong)random.Next(3);
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
        Expect(expected, Moving.Move(CapabilityWorld.At(source), CapabilityWorld.At(target)).Result, $"move {Name(source)} to {Name(target)}");
    }

    private void Swap()
    {
        ulong one = AnySlot(wantsHeld: true);
        ulong other = AnySlot(wantsHeld: true);
        SystemResult expected = _model.Swap(one, other);
        Expect(expected, Moving.Swap(CapabilityWorld.At(one), CapabilityWorld.At(other)).Result, $"swap {Name(one)} and {Name(other)}");
    }

    private void MapTable()
    {
        ulong table = Any(CapabilityType.PageTable);
        ulong space = Any(CapabilityType.VSpace);
        if (table == 0 || space == 0)
        {
            return;
        }

        // Mostly the table that is missing, so that frames find their way.
        ulong address = Address();
        int missing = Enumerable.Range(1, 3).LastOrDefault(at => !_model[space]!.Space!.Tables.ContainsKey((at, address & ~(ModelSpace.Span(at) - 1))), 1);
        ulong level = (ulong)(random.Next(8) == 0 ? random.Next(6) : missing);
        address = random.Next(20) == 0 ? address : address & ~(ModelSpace.Span((int)Math.Clamp(level, 1, 3)) - 1);
        SystemResult expected = _model.MapTable(table, space, address, level);
        Outcome outcome = PageTableMapping.Decode(
            in world.State.Capabilities, CapabilityWorld.At(table), in CapabilityWorld.Slot(space), address, level, out PageTableMapPlan plan);
        if (outcome.IsOk)
        {
            PageTableMapping.Commit(in plan);
        }

        Expect(expected, outcome.Result, $"enter table {Name(table)} in {Name(space)} at {address:x} level {level}");
    }

    private void MapFrame()
    {
        ulong frame = Any(CapabilityType.Frame);
        ulong space = Any(CapabilityType.VSpace);
        if (frame == 0 || space == 0)
        {
            return;
        }

        ulong rights = (ulong)(random.Next(12) == 0 ? random.Next(5) : random.Next(3));
        ulong address = random.Next(20) == 0 ? Address() + 0x200 : Address() & ~(_model[frame]!.Bytes - 1);
        if (random.Next(2) == 0 && _model[space]!.Space!.Tables.Keys.FirstOrDefault(table => table.Level == 1) is { Level: 1 } last)
        {
            address = last.Base + ((ulong)random.Next(3) * 0x1000);
        }

        if (random.Next(10) == 0 && _model[frame]!.IsMapped)
        {
            (space, address) = (SlotOf(_model[frame]!.Space!) ?? space, _model[frame]!.MappedAt);
        }

        SystemResult expected = _model.MapFrame(frame, space, address, rights);
        Outcome outcome = FrameMapping.Decode(
            in world.State.Capabilities, CapabilityWorld.At(frame), in CapabilityWorld.Slot(space), address, rights, out FrameMapPlan plan);
        if (outcome.IsOk)
        {
            FrameMapping.Commit(in plan);
        }

        Expect(expected, outcome.Result, $"map {Name(frame)} in {Name(space)} at {address:x} rights {rights}");
    }

    private void Unmap()
    {
        ulong frame = _model.Held.Values.FirstOrDefault(held => held.IsMapped && random.Next(3) == 0)?.Slot ?? Any(CapabilityType.Frame);
        if (frame != 0 && _model[frame]!.Type == CapabilityType.Frame)
        {
            SystemResult expected = _model.UnmapFrame(frame);
            Expect(expected, FrameMapping.Unmap(in world.State.Capabilities, CapabilityWorld.At(frame)).Result, $"unmap {Name(frame)}");
        }

        ulong table = Any(CapabilityType.PageTable);
        if (table != 0 && random.Next(3) == 0)
        {
            SystemResult expected = _model.UnmapTable(table);
            Expect(expected, PageTableMapping.Unmap(in world.State.Capabilities, CapabilityWorld.At(table)).Result, $"take out {Name(table)}");
        }
    }

    private void Configure()
    {
        ulong thread = Any(CapabilityType.Thread);
        ulong root = Any(CapabilityType.CNode);
        ulong space = Any(CapabilityType.VSpace);
        if (thread == 0 || root == 0 || space == 0)
        {
            return;
        }

        ulong handler = random.Next(2) == 0 ? 0 : Any(CapabilityType.Endpoint);
        ulong frame = random.Next(2) == 0 ? 0 : Any(CapabilityType.Frame);
        ulong target = _model[thread]!.Object;
        string what = $"configure {target:x} with {Name(root)} {Name(space)} {Name(handler)} {Name(frame)}";
        SystemResult expected = _model.Configure(target, root, space, handler, frame);
        Outcome outcome;
        do
        {
            outcome = ThreadSlots.Set<TestHost, TestState>(
                ref world.State, Thread.OfContext(target), CapabilityWorld.At(root), CapabilityWorld.At(space), Maybe(handler), Maybe(frame));
        }
        while (outcome.Result == SystemResult.Again);
        Expect(expected, outcome.Result, what);

        // What it named went with the old ones before all of those were gone: nobody goes on.
        for (int index = 0; index < 4 && expected == SystemResult.WrongState; index++)
        {
            world.Delete(ReferenceModel.ThreadSlot(target, index));
        }
    }

    private void Bind()
    {
        ulong thread = Any(CapabilityType.Thread);
        ulong notification = Any(CapabilityType.Notification);
        if (thread != 0 && notification != 0 && _model.TryBind(_model[thread]!.Object, _model[notification]!.Object))
        {
            ObjectPointer<Thread> bound = CapabilityWorld.Slot(thread).Thread;
            bound.Value.BoundNotification = CapabilityWorld.Slot(notification).Notification;
            bound.Value.BoundNotification.Value.BoundThread = bound;
            Note($"bind {Name(thread)} to {Name(notification)}");
        }
    }

    private void Wait()
    {
        ulong slot = Any(random.Next(2) == 0 ? CapabilityType.Endpoint : CapabilityType.Notification);
        if (slot != 0)
        {
            world.State.Log.Waiters[_model[slot]!.Object] = random.Next(1, 5);
            Note($"wait at {Name(slot)}");
        }
    }

    private void Control()
    {
        ulong control = Any(random.Next(2) == 0 ? CapabilityType.IrqControl : CapabilityType.IoPortControl);
        ulong target = AnySlot(wantsHeld: false);
        if (control == 0 || target == 0 || _model[target] is not null)
        {
            return;
        }

        bool isInterrupt = _model[control]!.Type == CapabilityType.IrqControl;
        CapabilityType type = isInterrupt ? CapabilityType.IrqHandler : CapabilityType.IoPort;
        ulong number = (ulong)random.Next(8);
        if (isInterrupt && _model.Held.Values.Any(held => held.Type == type && held.Object == number))
        {
            return;
        }

        _model.Derive(control, target, type, number, isInterrupt ? 0u : (uint)number + 7);
        RootCapabilities.Derive(CapabilityWorld.At(control), CapabilityWorld.At(target), type, number, isInterrupt ? 0u : (uint)number + 7);
        Note($"{type} {number} to {Name(target)}");
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

    // Programs run: they write their frames, touch their pages, and the core switches between address spaces.
    private void Disturb()
    {
        foreach (ModelCapability frame in _model.Held.Values.Where(held => held.Type == CapabilityType.Frame && !held.IsDevice))
        {
            CapabilityWorld.Memory(frame.Object + ((ulong)random.Next(64) * 64), 64).Fill(0xA5);
        }

        if (random.Next(6) == 0)
        {
            ulong space = Any(CapabilityType.VSpace);
            world.Machine.UsePageTables(space == 0 ? world.KernelTables : _model[space]!.Object);
        }

        if (world.Machine.PageTables != world.KernelTables)
        {
            foreach (UserPage page in UserPages.Of(world.Machine.PageTables).Where(_ => random.Next(2) == 0))
            {
                world.Machine.Touch(page);
            }
        }
    }

    private void Expect(SystemResult expected, SystemResult found, string what)
    {
        Note($"{what}: {expected}");
        (string, SystemResult) key = (what[..what.IndexOf(' ', StringComparison.Ordinal)], expected);
        Outcomes[key] = Outcomes.GetValueOrDefault(key) + 1;
        MismatchException.ThrowUnlessEqual(expected, found, what);
    }

    private void Note(string what)
    {
        Trace.Enqueue(what);
        if (Trace.Count > 12)
        {
            Trace.Dequeue();
        }
    }

    private ulong Any(CapabilityType type)
    {
        ModelCapability[] held = [.. _model.Held.Values.Where(capability => capability.Type == type && _slots.Contains(capability.Slot))];
        return held.Length == 0 ? 0 : held[random.Next(held.Length)].Slot;
    }

    private ulong AnySlot(bool wantsHeld)
    {
        ulong[] fitting = [.. _slots.Where(slot => _model[slot] is not null == wantsHeld)];
        return fitting.Length == 0 ? 0 : fitting[random.Next(fitting.Length)];
    }

    // A few addresses, so that they meet: two near each other, one far away, the ends of user memory.
    private ulong Address()
    {
        ulong[] bases = [0x4000_0000, 0x4000_0000, 0x4020_0000, 0x0000_7FFF_C000_0000, 0x0000_7FFF_FFE0_0000];
        ulong[] ends = [0, 0x0000_7FFF_FFFF_F000, 0x0000_8000_0000_0000, ulong.MaxValue & ~0xFFFUL];
        return random.Next(15) == 0 ? ends[random.Next(ends.Length)] : bases[random.Next(bases.Length)] + ((ulong)random.Next(3) * 0x1000);
    }

    // What nothing could be done without: it goes seldom.
    private bool IsRoot(ulong slot) =>
        _model[slot] is { } held && (held.Object == world.RootSlots || (held.Type == CapabilityType.Untyped && held.Parent!.Slot == 0));

    private ulong? SlotOf(ModelSpace space) =>
        _model.Held.Values.FirstOrDefault(held => held.Type == CapabilityType.VSpace && held.Space == space && _slots.Contains(held.Slot))?.Slot;

    private ObjectPointer<CapabilitySlot> Maybe(ulong slot) => slot == 0 ? default : CapabilityWorld.At(slot);

    private string Name(ulong slot) => slot == 0 ? "none" : $"{(slot < world.UntypedBase ? slot - world.RootSlots : slot - world.UntypedBase + 0x100000):x}:{_model[slot]?.Type}";
}

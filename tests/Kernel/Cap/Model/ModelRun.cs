using Atoll.Abi;
using Atoll.Cap;

namespace Atoll.Kernel.Tests.Cap.Model;

/// <summary>Random operations on the kernel and on the model; both must agree after each.</summary>
public sealed partial class ModelRun(CapabilityWorld world, Random random)
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
            return $"step {run.Step}: {error.GetType().Name} {error.Message}\nlast: {string.Join("; ", run.Trace)}\n{error.StackTrace}";
        }
    }

    private void Run(int steps)
    {
        _model.AddRoot(world.NodeSlot, new() { Type = CapabilityType.CNode, SizeBits = CapabilityWorld.RootRadix,
            Object = world.RootSlots, Extra = 64u - CapabilityWorld.RootRadix });
        _model.AddRoot(world.UntypedSlot, new() { Type = CapabilityType.Untyped, SizeBits = CapabilityWorld.UntypedBits,
            Object = world.UntypedBase });
        _model.AddRoot(world.DeviceSlot, new() { Type = CapabilityType.Untyped, SizeBits = 31,
            Object = CapabilityWorld.DeviceBase, IsDevice = true });
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
        return random.Next(15) == 0 ? ends[random.Next(ends.Length)]
            : bases[random.Next(bases.Length)] + ((ulong)random.Next(3) * 0x1000);
    }

    // What nothing could be done without: it goes seldom.
    private bool IsRoot(ulong slot) =>
        _model[slot] is { } held && (held.Object == world.RootSlots || (held.Type == CapabilityType.Untyped && held.Parent!.Slot == 0));

    private ulong? SlotOf(ModelSpace space) =>
        _model.Held.Values.FirstOrDefault(held => held.Type == CapabilityType.VSpace && held.Space == space
            && _slots.Contains(held.Slot))?.Slot;

    private ObjectPointer<CapabilitySlot> Maybe(ulong slot) => slot == 0 ? default : CapabilityWorld.At(slot);

    private string Name(ulong slot) => slot == 0 ? "none"
        : $"{(slot < world.UntypedBase ? slot - world.RootSlots : slot - world.UntypedBase + 0x100000):x}:{_model[slot]?.Type}";
}

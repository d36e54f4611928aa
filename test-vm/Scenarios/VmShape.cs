namespace Atoll.TestVm.Scenarios;

/// <summary>The machine a scenario runs on: what <c>./build.sh vm</c> can vary.</summary>
public sealed record VmShape(int Cores)
{
    /// <summary>Most cores that run on host threads of their own: with more, the host's scheduling decides too much.</summary>
    public const int ThreadedCoresMax = 4;

    /// <summary>Guest memory of a machine that needs no more, in MiB.</summary>
    public const int MemoryMiBUsual = 64;

    /// <summary>System calls that can be done quickly are: the product's way.</summary>
    public const string QuickCalls = "quick";

    /// <summary>All system calls take the long way: an image of its own.</summary>
    public const string LongCalls = "long";

    /// <summary>Guest memory, in MiB.</summary>
    public int MemoryMiB { get; init; } = MemoryMiBUsual;

    /// <summary>QEMU machine type.</summary>
    public string Machine { get; init; } = "q35";

    /// <summary>QEMU's processor model with its features, such as <c>max,-smap</c>; null: all that it can.</summary>
    public string? Cpu { get; init; }

    /// <summary>Whether the TSC counts instructions and cores take turns.</summary>
    public bool Icount { get; init; } = Cores > ThreadedCoresMax;

    /// <summary>Seed of QEMU's random numbers, or null.</summary>
    public int? Seed { get; init; }

    /// <summary>The way that the kernel's system calls take: <see cref="QuickCalls"/> or <see cref="LongCalls"/>; null: the scenario has no choice, and it is the
    /// product's.</summary>
    public string? Calls { get; init; }

    /// <summary>How often a scenario that repeats something does it; null: as often as fits into every run of the tests.</summary>
    public int? Rounds { get; init; }

    /// <summary>Whether the shape is too slow for every run of the tests (<c>test --long</c>).</summary>
    public bool IsLong { get; init; }

    /// <summary>The options that select this shape again.</summary>
    public string Options =>
        $"--cores {Cores} --memory {MemoryMiB} --machine {Machine}{(Icount ? " --icount" : "")}{(Calls is null ? "" : $" --calls {Calls}")}"
        + $"{(Cpu is null ? "" : $" --cpu {Cpu}")}{(Seed is int seed ? $" --seed {seed}" : "")}{(Rounds is int rounds ? $" --rounds {rounds}" : "")}";

    /// <summary>Short form for progress lines.</summary>
    public override string ToString() =>
        $"{Cores} core{(Cores == 1 ? "" : "s")}, {MemoryMiB} MiB, {Machine}{(Icount ? ", icount" : "")}{(Calls is null ? "" : $", {Calls} calls")}{(Cpu is null ? "" : $", processor {Cpu}")}"
        + $"{(Rounds is int rounds ? $", {rounds} rounds" : "")}";
}

/// <summary>What the user asked for; null keeps the scenario's own choice.</summary>
public sealed record VmShapeRequest
{
    /// <summary>Cores.</summary>
    public int? Cores { get; init; }

    /// <summary>Memory, in MiB.</summary>
    public int? MemoryMiB { get; init; }

    /// <summary>QEMU machine type.</summary>
    public string? Machine { get; init; }

    /// <summary>Seed.</summary>
    public int? Seed { get; init; }

    /// <summary>How often a scenario repeats what it repeats.</summary>
    public int? Rounds { get; init; }

    /// <summary>Whether the TSC must count instructions.</summary>
    public bool Icount { get; init; }

    /// <summary>Way of system calls.</summary>
    public string? Calls { get; init; }

    /// <summary>Processor model.</summary>
    public string? Cpu { get; init; }

    /// <summary>Picks the shapes that match, or makes one from the first when none does.</summary>
    public IReadOnlyList<VmShape> Choose(IReadOnlyList<VmShape> shapes)
    {
        List<VmShape> matching = [.. shapes.Where(Matches)];
        IEnumerable<VmShape> chosen = matching.Count > 0 ? matching : shapes.Where(MatchesCalls).DistinctBy(shape => shape.Calls).Select(Adapt);
        return
        [
            .. chosen.Select(shape => shape with { Seed = Seed ?? shape.Seed, Icount = shape.Icount || Icount, Rounds = Rounds, Cpu = Cpu ?? shape.Cpu }).Distinct(),
        ];
    }

    // A shape that says how often is for the tests: who wants another number asks for it.
    private bool Matches(VmShape shape) =>
        shape.Rounds is null
        && (Cores ?? shape.Cores) == shape.Cores
        && (MemoryMiB ?? shape.MemoryMiB) == shape.MemoryMiB
        && (Machine ?? shape.Machine) == shape.Machine
        && MatchesCalls(shape);

    private bool MatchesCalls(VmShape shape) => Calls is null || Calls == (shape.Calls ?? VmShape.QuickCalls);

    private VmShape Adapt(VmShape shape)
    {
        int cores = Cores ?? shape.Cores;
        return shape with
        {
            Cores = cores,
            MemoryMiB = MemoryMiB ?? shape.MemoryMiB,
            Machine = Machine ?? shape.Machine,
            Icount = shape.Icount || cores > VmShape.ThreadedCoresMax,
        };
    }
}

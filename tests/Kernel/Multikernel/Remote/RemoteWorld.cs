namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>What a program of a simulated core may do next.</summary>
internal enum Act
{
    /// <summary>Opens, rings, leaves a channel.</summary>
    Channel,

    /// <summary>Asks anew for channels whose other end is gone.</summary>
    Reopen,

    /// <summary>Gives what is its own, or anything.</summary>
    Give,

    /// <summary>Gives on what came from another core.</summary>
    GiveOn,

    /// <summary>Takes what was given.</summary>
    Take,

    /// <summary>Deletes what came from another core, or a copy.</summary>
    Delete,

    /// <summary>Copies.</summary>
    Copy,

    /// <summary>Signals a notification of another core.</summary>
    Signal,

    /// <summary>Calls endpoints of other cores, or sends to them.</summary>
    Call,

    /// <summary>Calls, and deletes what it called by.</summary>
    CallLast,

    /// <summary>Serves its own endpoints.</summary>
    Serve,

    /// <summary>One that waits for an answer gives up.</summary>
    EndCaller,

    /// <summary>Takes back what is its own.</summary>
    Revoke,

    /// <summary>Takes back what it gave on.</summary>
    RevokeGiven,

    /// <summary>Asks threads of other cores.</summary>
    Ask,

    /// <summary>Makes something of an untyped of another core.</summary>
    Make,
}

/// <summary>What a seed decides about a world before anything happens there: how much room its kernels have, who talks to whom, what programs like to do, what goes wrong.</summary>
/// <remarks>
/// Worlds differ on purpose, each leaves something out: what never happens beside everything else does happen where little else does (Groce et al., "Swarm Testing", ISSTA 2012).
/// In small ones tables have a few places, so that most requests find no room.
/// </remarks>
internal sealed class RemoteWorld
{
    private const int LongStall = 300_000;
    private const int Never = int.MaxValue;

    private static readonly int[] s_usual = [1, 2, 4, 4, 7, 2, 1, 2, 2, 1, 3, 1, 2, 2, 2, 3];

    private readonly int[] _weights = new int[s_usual.Length];
    private readonly int _shape;
    private readonly int _cores;
    private int _weightsSum;

    private RemoteWorld(int cores, int shape)
    {
        _cores = cores;
        _shape = shape;
    }

    /// <summary>Ends of channels that a core may have. Its kernel has records for them: 4 exports and 8 imports for each.</summary>
    public required uint Ends { get; init; }

    /// <summary>A core dies after so many of its steps, on an average.</summary>
    public required int DeathEvery { get; init; }

    /// <summary>A core is slow after so many steps.</summary>
    public required int StallEvery { get; init; }

    /// <summary>Whether kernels are slow at all.</summary>
    public bool IsSlow => StallEvery != Never;

    /// <summary>For how long at most, nanoseconds.</summary>
    public required int StallMax { get; init; }

    /// <summary>A ring is full, and its reader slow, after so many steps.</summary>
    public required int FullEvery { get; init; }

    /// <summary>Whether one kernel says anything.</summary>
    public required bool HasHostile { get; init; }

    /// <summary>Whether the first core's kernel dies as soon as it has a deputy.</summary>
    public required bool KillsFirst { get; init; }

    /// <summary>Whether nothing is taken back, deleted or left, and nobody dies or lies: then all that is given comes.</summary>
    public required bool IsPeaceful { get; init; }

    /// <summary>Draws how many cores a small world has, and how many of them die by a boot parameter.</summary>
    public static (int Cores, int Kills) DrawSize(Random random)
    {
        int cores = random.Next(8) == 0 ? 2 : random.Next(3, 6);
        return (cores, random.Next(2) == 0 ? 0 : random.Next(1, 5));
    }

    /// <summary>Draws a world.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="cores">Cores.</param>
    /// <param name="hasDeaths">Whether cores may die; if not, one may be hostile.</param>
    /// <param name="killsFirst">Whether the first core's kernel dies in any case.</param>
    public static RemoteWorld Draw(Random random, int cores, bool hasDeaths, bool killsFirst)
    {
        bool isPeaceful = !hasDeaths && !killsFirst && random.Next(4) == 0;
        bool isSmall = !isPeaceful && cores > 2 && random.Next(2) == 0;
        int shape = isPeaceful ? random.Next(1, 3) : random.Next(4);
        RemoteWorld world = new(cores, shape)
        {
            Ends = isSmall ? (uint)random.Next(2, 5) : RemotePrograms.EndsMax,
            DeathEvery = !hasDeaths ? Never : 40 << (2 * random.Next(3)),
            StallEvery = random.Next(3) == 0 ? Never : 10 << (2 * random.Next(3)),
            StallMax = random.Next(3) == 0 ? LongStall : LongStall / 10,
            FullEvery = isPeaceful || random.Next(2) == 0 ? Never : 6 << (2 * random.Next(3)),
            HasHostile = !isPeaceful && !hasDeaths && cores > 2 && random.Next(2) == 0,
            KillsFirst = killsFirst || (!isPeaceful && random.Next(6) == 0),
            IsPeaceful = isPeaceful,
        };
        for (int act = 0; act < s_usual.Length; act++)
        {
            int factor = random.Next(4) switch { 0 => act is (int)Act.Give or (int)Act.Take or (int)Act.Serve ? 1 : 0, 1 => 4, _ => 2 };
            factor = !isPeaceful ? factor : (Act)act is Act.Reopen or Act.Give or Act.GiveOn or Act.Take or Act.Signal or Act.Make ? 1 : 0;
            world._weights[act] = factor * s_usual[act];
            world._weightsSum += world._weights[act];
        }

        return world;
    }

    /// <summary>Whether two cores ask for a channel with each other as soon as they live.</summary>
    public bool AreNeighbours(uint one, uint other)
    {
        uint apart = (one - other + (uint)_cores) % (uint)_cores;
        bool areBeside = apart == 1 || apart == (uint)_cores - 1;
        return one != other && (Ends <= 4 ? areBeside : _shape switch
        {
            0 => false,
            1 => areBeside,
            _ => _cores <= (int)RemotePrograms.EndsMax,
        });
    }

    /// <summary>What a program does next.</summary>
    public Act Next(Random random)
    {
        int place = random.Next(_weightsSum);
        int act = 0;
        while (place >= _weights[act])
        {
            place -= _weights[act++];
        }

        return (Act)act;
    }
}

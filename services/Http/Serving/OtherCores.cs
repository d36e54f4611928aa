using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Http;

/// <summary>How the other cores are: an agent on each is asked while somebody wants to know, and tells when it does.</summary>
/// <remarks>
/// A view: what it knows lies in the program's store. Nothing here waits. The program waits for its stack; channels to agents signal the same notification, and a wait for one of them would hear
/// what the stack has to say. So answers are looked for in the turns that the program has anyway, and while one is due it has a turn every <see cref="TurnTime"/>.
/// </remarks>
internal readonly struct OtherCores
{
    /// <summary>Microseconds until the next look, while an answer is due.</summary>
    internal const ulong TurnTime = 2_000;

    // A page that asks once a second finds each time what was asked for the time before.
    private const ulong Period = 500_000;

    // Who has told nothing for so long may be dead.
    private const ulong AgeMax = 5_000_000;

    private readonly MemoryRegion _store;
    private readonly uint _own;
    private readonly uint _count;

    internal OtherCores(MemoryRegion store, in ProgramStart start)
    {
        uint agents = start.FindAll("agents"u8, out _);
        agents = agents < HttpStore.Cores ? agents : HttpStore.Cores;
        _store = store;
        _own = start.Core;
        _count = start.Cores < agents ? start.Cores : agents;
        for (uint core = 0; core < _count; core++)
        {
            _ = ChannelInquiry.Of(in start, "agents"u8, core, store, HttpStore.AgentPlace(core));
            HttpStore.Core(store, core).Begin();
        }
    }

    /// <summary>Whether an answer is due.</summary>
    internal bool IsAsking
    {
        get
        {
            bool isAsking = false;
            for (uint core = 0; core < _count; core++)
            {
                isAsking |= HttpStore.Core(_store, core).IsAsking;
            }

            return isAsking;
        }
    }

    /// <summary>Takes answers that have come.</summary>
    /// <param name="now">Microseconds.</param>
    internal void GoOn(ulong now)
    {
        for (uint core = 0; core < _count; core++)
        {
            HttpStore.Core(_store, core).GoOn(now, new ChannelInquiry(_store, HttpStore.AgentPlace(core)));
        }
    }

    /// <summary>Tells what a core has told lately, and has it asked anew.</summary>
    /// <param name="now">Microseconds.</param>
    /// <param name="core">Which.</param>
    /// <param name="known">How many programs the system has.</param>
    /// <param name="facts">How its instance is.</param>
    /// <param name="programs">How many of them it has.</param>
    /// <returns>False: it has no agent, or that has told nothing lately.</returns>
    internal bool TryDescribe(ulong now, uint core, uint known, out InstanceFacts facts, out uint programs)
    {
        facts = default;
        programs = 0;
        if (core == _own || core >= _count)
        {
            return false;
        }

        HttpStore.Core(_store, core).Want(now, Period, core, known, new ChannelInquiry(_store, HttpStore.AgentPlace(core)));
        return HttpStore.Core(_store, core).TryRead(now, AgeMax, out facts, out programs);
    }

    /// <summary>Tells of a program of a core.</summary>
    internal bool TryDescribe(uint core, uint place, ref ProgramName name, out ProgramFacts facts)
    {
        facts = default;
        return core < _count && HttpStore.Core(_store, core).TryRead(place, ref name, out facts);
    }
}

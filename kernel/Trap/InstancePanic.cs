using System.Threading;
using Atoll.Abi;
using Atoll.Arch;
using Atoll.Console;
using Atoll.Instance;
using Atoll.Ipc;
using Atoll.Links;

namespace Atoll.Trap;

/// <summary>The end of an instance: record, announcement, park. Nothing else on the machine is touched.</summary>
[InterruptSafe, NoPanic, NoBlock]
public static unsafe class InstancePanic
{
    /// <summary>Writes the crash page, tells the status page, parks. Never returns.</summary>
    /// <remarks>
    /// Context: trap, interrupts off, on whatever stack the vector has. A fault in here announces the death and parks at once; one in the announcement parks.
    /// The death is announced last: from that store on, the console may be the deputy's and the crash page the coordinator's.
    /// </remarks>
    /// <param name="state">The dying instance.</param>
    /// <param name="frame">Interrupted registers.</param>
    public static void Die(ref InstanceState state, in TrapFrame frame)
    {
        if (!state.IsPanicking)
        {
            state.IsPanicking = true;
            Record(in state, in frame, ref state.Map.Crash);
            if (state.Role != InstanceRole.Member)
            {
                // This instance owns the console, and nobody else may read its crash page while it lives.
                // What it interrupted may have been in the middle of a line.
                SerialConsole.EndLine();
                CrashReport.Write(in state.Map.Crash);
                if (!state.HasDeputy)
                {
                    Verdict.Fail("panic"u8);
                }
            }
        }

        if (!state.IsAnnouncing)
        {
            state.IsAnnouncing = true;
            ulong last = LifeWord.Of(state.Incarnation, InstanceLifecycle.Panicked);
            DeathNotice.Announce<CoherentMemory, InstanceLinks, InstanceState>(ref state, state.Core, state.Map.Life, last);
        }

        Park();
    }

    /// <summary>Fills in a crash record.</summary>
    public static void Record(in InstanceState state, in TrapFrame frame, ref CrashRecord record)
    {
        record.Core = state.Core;
        record.Incarnation = state.Incarnation;
        record.Frame = frame;
        record.FaultAddress = Cpu.FaultAddress();
        record.PageTables = Cpu.PageTables();
        record.Build = Cpu.Image().BuildId;
        Backtrace.Walk(in Cpu.Image(), in frame, StackBounds.Of(frame.Rsp), ref record);
        Volatile.Write(ref record.Magic, CrashRecord.MagicValue);
    }

    [Trusted(Safety = "The end: nobody is left here who could be kept waiting.")]
    private static void Park()
    {
        while (true)
        {
            Cpu.DisableInterrupts();
            Cpu.Halt();
        }
    }
}

using Atoll.Arch;

namespace Atoll.Boot;

/// <summary>What one member does when the coordinator dies: it takes the console over and reports that work goes on.</summary>
public struct DeputyDuty
{
    /// <summary>Whether this instance is the deputy.</summary>
    public bool IsDeputy;

    /// <summary>Whether a boot parameter asked for the coordinator's death, so that it is no failure.</summary>
    public bool ExpectsDeath;

    /// <summary>What the boot parameters want at the end.</summary>
    public EndPolicy End;

    private bool _hasReported;

    /// <summary>Whether the console is this instance's.</summary>
    public bool HasConsole { get; private set; }

    /// <summary>The coordinator has died.</summary>
    public void CoordinatorDied()
    {
        if (!IsDeputy || HasConsole)
        {
            return;
        }

        HasConsole = true;
        SerialConsole.Line("the coordinator is dead; this instance reports from now on"u8);
    }

    /// <summary>Reports, once this instance has shown that it goes on.</summary>
    public static void Poll(ref InstanceState state)
    {
        ref DeputyDuty duty = ref state.Deputy;
        if (!duty.HasConsole)
        {
            return;
        }

        if (!duty._hasReported && state.Workload.IsDone)
        {
            duty._hasReported = true;
            duty.Report(in state);
        }

        if (duty._hasReported && Uart.TryRead(out byte key) && key == (byte)'q')
        {
            duty.Finish();
        }
    }

    private readonly void Report(in InstanceState state)
    {
        SurvivorReport.Write(state.Core, in state.Map.Status);
        if (End == EndPolicy.Pass)
        {
            Finish();
        }
        else if (End == EndPolicy.Hold)
        {
            SerialRecord.Begin("hold"u8);
            SerialRecord.End();
        }
    }

    private readonly void Finish()
    {
        if (ExpectsDeath)
        {
            Verdict.Pass();
        }
        else
        {
            Verdict.Fail("coordinator-died"u8);
        }
    }
}

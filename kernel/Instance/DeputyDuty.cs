namespace Atoll.Instance;

/// <summary>What the guest does once all live instances have passed their messages.</summary>
public enum EndPolicy : byte
{
    /// <summary>Goes on.</summary>
    Never,

    /// <summary>Ends with a verdict.</summary>
    Pass,

    /// <summary>Says so, and waits for a <c>q</c> on the serial line.</summary>
    Hold,
}

/// <summary>What one member does when the coordinator dies: it takes the console over and reports that work goes on.</summary>
public struct DeputyDuty
{
    /// <summary>Whether this instance is the deputy.</summary>
    public bool IsDeputy;

    /// <summary>Whether a boot parameter asked for the coordinator's death, so that it is no failure.</summary>
    public bool ExpectsDeath;

    /// <summary>What the boot parameters want at the end.</summary>
    public EndPolicy End;

    /// <summary>Whether the console is this instance's.</summary>
    public bool HasConsole;

    /// <summary>Whether it has reported that it goes on.</summary>
    public bool HasReported;
}

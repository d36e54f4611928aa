namespace Atoll.Services.VirtioNet;

/// <summary>Which flow a frame is of.</summary>
/// <param name="share">Which of the stacks it is for, by its flow alone.</param>
/// <param name="caller">Who calls and whom, for as long as the connection lasts; 0: it is no call, but what a stack has asked for, or no flow at all.</param>
/// <param name="begins">Whether it begins a connection.</param>
public readonly struct FrameFlow(uint share, ulong caller, bool begins)
{
    /// <summary>Which of the stacks it is for, by its flow alone.</summary>
    public uint Share => share;

    /// <summary>Who calls and whom; 0: it is no call.</summary>
    public ulong Caller => caller;

    /// <summary>Whether it begins a connection.</summary>
    public bool Begins => begins;
}

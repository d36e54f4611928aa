using Atoll.Services.Net.Stack;

namespace Atoll.Packetdrill.Machine;

/// <summary>What numbers of Linux mean for the stack.</summary>
public static class SocketOptions
{
    /// <summary>Sets an option that the stack has; others are taken and change nothing.</summary>
    public static void Set(Descriptor open, int level, int option, ReadOnlySpan<int> value)
    {
        bool isOn = value.Length > 0 && value[0] != 0;
        switch (level, option)
        {
            case (LinuxNumbers.LevelTcp, LinuxNumbers.OptionNoDelay):
                open.IsNoDelay = isOn;
                break;
            case (LinuxNumbers.LevelSocket, LinuxNumbers.OptionKeepAlive):
                open.KeepsAlive = isOn;
                break;
            case (LinuxNumbers.LevelSocket, LinuxNumbers.OptionLinger):
                open.ResetsOnClose = isOn && value.Length > 1 && value[1] == 0;
                break;
        }
    }

    /// <summary>poll's bits.</summary>
    public static int PollBits(Readiness ready) =>
        ((ready & (Readiness.Readable | Readiness.Acceptable)) != 0 ? LinuxNumbers.PollIn : 0)
        | (ready.HasFlag(Readiness.Writable) ? LinuxNumbers.PollOut : 0)
        | (ready.HasFlag(Readiness.Failed) ? LinuxNumbers.PollErr | LinuxNumbers.PollHup : 0);
}

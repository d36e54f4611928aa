using Atoll.TestVm.Machine;

namespace Atoll.Cli.Running;

/// <summary>Brings a guest to its end: asks it when the user wants to, asks again, and stops it when it does not answer.</summary>
/// <remarks>
/// One request is not enough: what is typed before the kernel has set its UART up is thrown away, and nobody tells the host
/// when that was.
/// </remarks>
public sealed class GuestEnding(VmMachine machine, QuitRequest quit)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_repeat = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);

    private TimeSpan? _asked;
    private TimeSpan _repeatAt;

    /// <summary>Whether the user has asked for the end.</summary>
    public bool IsAsked => _asked is not null;

    /// <summary>Waits a moment for the guest to end, and does what is due.</summary>
    /// <returns>Whether the guest has ended.</returns>
    public bool IsOver()
    {
        if (machine.WaitForExit(s_look))
        {
            return true;
        }

        TimeSpan now = machine.Elapsed;
        if (!quit.IsDue(now))
        {
            return false;
        }

        _asked ??= now;
        if (quit.IsUrgent || now - _asked > s_grace)
        {
            machine.Stop();
            return true;
        }

        if (now >= _repeatAt)
        {
            machine.Send("q");
            _repeatAt = now + s_repeat;
        }

        return false;
    }
}

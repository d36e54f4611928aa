using Atoll.Cli.Workspace;

namespace Atoll.Cli.Running;

/// <summary>Puts the terminal into a state in which each key reaches the guest, and back into its own at every end of this program.</summary>
/// <remarks>
/// Output keeps its processing, so that what the host itself writes begins at the left. <c>stty</c> names the terminal itself, because the runtime would
/// put its own settings back after a child that has inherited its input.
/// </remarks>
public sealed class RawTerminal : IDisposable
{
    private const string Device = "/dev/tty";

    private readonly string? _before;
    private readonly EventHandler _onExit;

    private RawTerminal(string? before)
    {
        _before = before;
        _onExit = (_, _) => Restore();
        AppDomain.CurrentDomain.ProcessExit += _onExit;
    }

    /// <summary>Whether keys come one by one.</summary>
    public bool IsRaw => _before is not null;

    private static string FileOption => OperatingSystem.IsMacOS() ? "-f" : "-F";

    /// <summary>Begins, when the input is a terminal that can be set.</summary>
    public static RawTerminal Enter()
    {
        string? before = Console.IsInputRedirected || OperatingSystem.IsWindows() ? null : ChildProcess.Ask("stty", FileOption, Device, "-g");
        if (before is not null)
        {
            ChildProcess.Ask("stty", FileOption, Device, "-icanon", "-echo", "-isig", "-ixon", "-icrnl", "min", "1", "time", "0");
        }

        return new RawTerminal(before);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= _onExit;
        Restore();
    }

    private void Restore()
    {
        if (_before is not null)
        {
            ChildProcess.Ask("stty", FileOption, Device, _before);
        }
    }
}

using Atoll.TestVm.Serial;

namespace Atoll.Cli.Running;

/// <summary>Shows a running machine.</summary>
public interface IRunDisplay
{
    /// <summary>A line of the guest, with its record if it is one.</summary>
    void Show(string line, SerialRecord? record);

    /// <summary>Runs <paramref name="loop"/>, which calls the given action whenever there may be something new to draw.</summary>
    void During(Action<Action> loop);
}

using Atoll.Cli.Workspace;
using Atoll.TestVm.Machine;

namespace Atoll.Cli.Running;

/// <summary>The file that keeps all that a run which did not end well has said.</summary>
public sealed class RunLog(Repository repository)
{
    /// <summary>Writes it, in the place of the run's before.</summary>
    /// <returns>Where it is, or why it is not.</returns>
    public string Write(VmOutcome outcome)
    {
        string path = repository.In("artifacts", "run.log");
        string[] head =
        [
            outcome.Settings.CommandLine,
            outcome.Ending,
            .. outcome.EmulatorErrors.Length > 0 ? ["QEMU says: " + outcome.EmulatorErrors] : (string[])[],
            "",
        ];
        try
        {
            File.WriteAllLines(path, [.. head, .. outcome.Lines]);
            return path;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"not written ({error.Message})";
        }
    }
}

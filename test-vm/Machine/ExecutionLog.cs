using System.Diagnostics;

namespace Atoll.TestVm.Machine;

/// <summary>The instructions that a running machine executes while somebody does something with it, programs' and kernel's: of each core in their order, one core behind the other.</summary>
/// <remarks>
/// QEMU writes the log into a named pipe: a second of it may be gigabytes. It keeps the pipe open until it is told of another file. Source: QEMU
/// documentation, "QEMU Monitor", <c>log</c> and <c>logfile</c>.
/// </remarks>
public sealed class ExecutionLog : IDisposable
{
    // What follows the last answer: bookkeeping, and the way back to sleep.
    private static readonly TimeSpan s_tail = TimeSpan.FromMilliseconds(300);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("atoll-log-");
    private readonly string _path;

    /// <summary>Makes the pipe.</summary>
    /// <exception cref="VmException">The system has no named pipes.</exception>
    public ExecutionLog()
    {
        _path = Path.Combine(_folder.FullName, "log");
        using Process make = Process.Start("mkfifo", [_path]);
        make.WaitForExit();
        if (make.ExitCode != 0)
        {
            _folder.Delete(recursive: true);
            throw new VmException($"mkfifo ended with {make.ExitCode}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Writes down what the machine executes during an action, and a moment after it.</summary>
    public IReadOnlyList<ulong> Record(QmpClient qmp, Action action)
    {
        Task<List<ulong>> reading = Task.Run(Read);
        qmp.Monitor("singlestep on");
        qmp.Monitor($"logfile {_path}");
        qmp.Monitor("log exec,nochain");
        action();

        // What the guest does after its answer belongs to the action too, and nothing on the host tells its end.
        Thread.Sleep(s_tail);
        qmp.Monitor("log none");
        qmp.Monitor("logfile /dev/null");
        qmp.Monitor("singlestep off");
        return reading.Result;
    }

    private List<ulong> Read() =>
        [.. InstructionTrace.Read(File.ReadLines(_path)).OrderBy(instruction => instruction.Core).Select(instruction => instruction.Address)];
}

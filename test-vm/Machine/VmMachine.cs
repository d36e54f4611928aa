using System.ComponentModel;
using System.Diagnostics;
using Atoll.TestVm.Serial;

namespace Atoll.TestVm.Machine;

/// <summary>A running QEMU. Killed at its time limit, when disposed, and when this process ends.</summary>
public sealed class VmMachine : IDisposable
{
    private readonly VmSettings _settings;
    private readonly Process _process;
    private readonly DirectoryInfo _socketFolder;
    private readonly Thread _reader;
    private readonly Task<string> _errors;
    private readonly Timer _limit;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly EventHandler _processExit;
    private volatile bool _timedOut;
    private volatile bool _stopped;
    private QmpClient? _qmp;
    private Action<ReadOnlyMemory<byte>>? _onBytes;

    private VmMachine(VmSettings settings)
    {
        _settings = settings;

        // A path under the system's folder for temporary files: a socket's path has 107 bytes at most.
        _socketFolder = Directory.CreateTempSubdirectory("atoll-");
        string socket = Path.Combine(_socketFolder.FullName, "qmp");
        var start = new ProcessStartInfo(settings.Emulator)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])[.. settings.Arguments, "-qmp", $"unix:{socket},server=on,wait=off"])
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            _socketFolder.Delete(recursive: true);
            throw new VmException($"cannot start '{settings.Emulator}': {error.Message}", error);
        }

        SocketPath = socket;
        _processExit = (_, _) => Kill();
        AppDomain.CurrentDomain.ProcessExit += _processExit;
        _errors = _process.StandardError.ReadToEndAsync();
        _reader = new Thread(ReadSerial) { IsBackground = true, Name = "serial" };
        _limit = new Timer(_ => EndByTimeLimit(), null, settings.TimeLimit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Everything the guest has written so far.</summary>
    public SerialLog Serial { get; } = new();

    /// <summary>QEMU's control channel, connected at first use.</summary>
    public QmpClient Qmp => _qmp ??= QmpClient.Connect(SocketPath, TimeSpan.FromSeconds(10));

    /// <summary>Wall time since the start.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    private string SocketPath { get; }

    /// <summary>Starts QEMU.</summary>
    /// <param name="settings">What to boot.</param>
    /// <param name="onLine">Called for every line, on the reading thread.</param>
    /// <exception cref="VmException">QEMU is not there.</exception>
    public static VmMachine Start(VmSettings settings, Action<string, SerialRecord?>? onLine = null)
    {
        var machine = new VmMachine(settings);
        if (onLine is not null)
        {
            machine.Serial.LineAdded += onLine;
        }

        machine._reader.Start();
        return machine;
    }

    /// <summary>Starts QEMU for somebody who wants the bytes of the serial line as they come.</summary>
    /// <param name="settings">What to boot.</param>
    /// <param name="onBytes">Called with what has come, on the reading thread, before the lines in it are added.</param>
    /// <exception cref="VmException">QEMU is not there.</exception>
    public static VmMachine StartRaw(VmSettings settings, Action<ReadOnlyMemory<byte>> onBytes)
    {
        var machine = new VmMachine(settings) { _onBytes = onBytes };
        machine._reader.Start();
        return machine;
    }

    /// <summary>Boots, waits for the end, and returns all that was seen.</summary>
    public static VmOutcome Run(VmSettings settings)
    {
        using VmMachine machine = Start(settings);
        return machine.WaitForEnd();
    }

    /// <summary>Types on the guest's serial line. Does nothing when the guest has ended.</summary>
    public void Send(string text) => Send(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Sends bytes over the guest's serial line. Does nothing when the guest has ended.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _process.StandardInput.BaseStream.Write(bytes);
            _process.StandardInput.BaseStream.Flush();
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            // The guest ended, and maybe its process was disposed of, between the caller's last look and now: its outcome will say how.
        }
    }

    /// <summary>Waits for the guest to end by itself for at most <paramref name="timeout"/>.</summary>
    public bool WaitForExit(TimeSpan timeout) => _process.WaitForExit(timeout);

    /// <summary>Ends the guest now.</summary>
    public void Stop()
    {
        _stopped = true;
        Kill();
    }

    /// <summary>Waits for the end, at the latest the time limit, and returns all that was seen.</summary>
    public VmOutcome WaitForEnd()
    {
        _process.WaitForExit();
        _reader.Join();
        string errors = _errors.Result.Trim();
        VmExit exit = _timedOut ? VmExit.TimedOut : _stopped ? VmExit.Stopped : VmExitCode.Decode(_process.ExitCode, errors);
        return new VmOutcome(_settings, exit, _process.ExitCode, Serial.Lines, errors, Elapsed);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= _processExit;
        Kill();
        _process.WaitForExit();
        _reader.Join();
        _limit.Dispose();
        _qmp?.Dispose();
        _process.Dispose();
        _socketFolder.Delete(recursive: true);
    }

    private void EndByTimeLimit()
    {
        if (!_process.HasExited)
        {
            _timedOut = true;
            Kill();
        }
    }

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended already, which is what was wanted.
        }
    }

    private void ReadSerial()
    {
        var splitter = new SerialLineSplitter();
        var buffer = new byte[4096];
        Stream stream = _process.StandardOutput.BaseStream;
        int count;
        while ((count = stream.Read(buffer)) > 0)
        {
            _onBytes?.Invoke(buffer.AsMemory(0, count));
            foreach (string line in splitter.Add(buffer.AsSpan(0, count)))
            {
                Serial.Add(line);
            }
        }

        string rest = splitter.Take();
        if (rest.Length > 0)
        {
            Serial.Add(rest);
        }

        Serial.End();
    }
}

/// <summary>The machine under test could not be started or controlled.</summary>
public sealed class VmException(string message, Exception? cause = null) : Exception(message, cause);

using System.Runtime.InteropServices;
using Atoll.TestVm.Machine;

namespace Atoll.Cli.Running;

/// <summary>Brings what is typed to the guest, and its end about.</summary>
/// <remarks>
/// Input that is no terminal waits until the guest has written something: what comes before its driver is ready is lost. Its end is a Ctrl-D for the
/// guest, which has <see cref="s_grace"/> to end by itself.
/// </remarks>
public sealed class GuestTyping : IDisposable
{
    private const byte ControlD = 0x04;
    private const int BufferBytes = 256;

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);

    // A system that says nothing for so long never will.
    private static readonly TimeSpan s_silenceMax = TimeSpan.FromSeconds(60);

    private readonly VmMachine _machine;
    private readonly ManualResetEventSlim _isSpeaking;
    private readonly TimeSpan? _duration;
    private readonly EscapeKey _escape = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly Stream _input;
    private readonly bool _isTerminal;
    private volatile bool _isEndAsked;
    private long _inputEnded = long.MaxValue;

    /// <summary>Begins to listen.</summary>
    /// <param name="machine">The guest.</param>
    /// <param name="input">What is typed.</param>
    /// <param name="isTerminal">Whether a person types it.</param>
    /// <param name="isSpeaking">Set once the system has written something.</param>
    /// <param name="duration">Wall time to run for, or null.</param>
    public GuestTyping(VmMachine machine, Stream input, bool isTerminal, ManualResetEventSlim isSpeaking, TimeSpan? duration)
    {
        _machine = machine;
        _input = input;
        _isTerminal = isTerminal;
        _isSpeaking = isSpeaking;
        _duration = duration;
        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                _isEndAsked = true;
            }));
        }

        new Thread(Read) { IsBackground = true, Name = "keys" }.Start();
    }

    /// <summary>Waits until the guest has ended, or ends it when that is due.</summary>
    /// <returns>Whether somebody asked for the end.</returns>
    public bool WaitForEnd()
    {
        while (!_machine.WaitForExit(s_look))
        {
            bool isOver = _machine.Elapsed >= _duration;
            bool isGraceOver = _machine.Elapsed.Ticks > Interlocked.Read(ref _inputEnded);
            if (_isEndAsked || isOver || isGraceOver)
            {
                _machine.Stop();
                return true;
            }
        }

        return Interlocked.Read(ref _inputEnded) != long.MaxValue;
    }

    /// <inheritdoc/>
    public void Dispose() => _signals.ForEach(signal => signal.Dispose());

    private void Read()
    {
        byte[] buffer = new byte[BufferBytes];
        int count;
        while ((count = ReadSome(buffer)) > 0)
        {
            WaitUntilSpeaking();
            _machine.Send(_escape.Take(buffer.AsSpan(0, count)));
            _isEndAsked |= _escape.IsEnd;
        }

        WaitUntilSpeaking();
        if (_duration is null)
        {
            _machine.Send([ControlD]);
            Interlocked.Exchange(ref _inputEnded, (_machine.Elapsed + s_grace).Ticks);
        }
    }

    private int ReadSome(byte[] buffer)
    {
        try
        {
            return _input.Read(buffer);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The terminal has gone, or the run is over: nobody is left who could type.
            return 0;
        }
    }

    private void WaitUntilSpeaking()
    {
        TimeSpan left = s_silenceMax - _machine.Elapsed;
        if (!_isTerminal && left > TimeSpan.Zero)
        {
            _ = _isSpeaking.Wait(left);
        }
    }
}

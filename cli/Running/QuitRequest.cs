using System.Runtime.InteropServices;

namespace Atoll.Cli.Running;

/// <summary>Whether the user wants to end: <c>q</c>, Ctrl-C, a signal, the end of the input, or the time that was asked for.</summary>
public sealed class QuitRequest : IDisposable
{
    private const char ControlC = '\x03';

    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly TimeSpan? _after;
    private volatile bool _requested;
    private int _breaks;

    /// <summary>Begins to listen.</summary>
    /// <param name="after">
    /// Wall time after which to end without being asked, or null. Without it the end of a redirected input is a request: nobody is
    /// left who could make one.
    /// </param>
    public QuitRequest(TimeSpan? after)
    {
        _after = after;
        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                Break();
            }));
        }

        if (Console.IsInputRedirected)
        {
            new Thread(ReadInput) { IsBackground = true, Name = "keys" }.Start();
        }
        else
        {
            // As a signal, Ctrl-C would reach QEMU too, which ends at once and without a verdict.
            Console.TreatControlCAsInput = true;
        }
    }

    /// <summary>Whether the user has asked twice by Ctrl-C or signal, and will not wait for the guest.</summary>
    public bool IsUrgent => Volatile.Read(ref _breaks) > 1;

    /// <summary>Looks whether to end now.</summary>
    public bool IsDue(TimeSpan elapsed)
    {
        while (!Console.IsInputRedirected && Console.KeyAvailable)
        {
            switch (Console.ReadKey(intercept: true).KeyChar)
            {
                case 'q':
                    _requested = true;
                    break;
                case ControlC:
                    Break();
                    break;
            }
        }

        return _requested || elapsed >= _after;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _signals.ForEach(signal => signal.Dispose());
        if (!Console.IsInputRedirected)
        {
            Console.TreatControlCAsInput = false;
        }
    }

    private void Break()
    {
        Interlocked.Increment(ref _breaks);
        _requested = true;
    }

    private void ReadInput()
    {
        int key;
        while ((key = Console.Read()) >= 0)
        {
            _requested |= key == 'q';
        }

        _requested |= _after is null;
    }
}

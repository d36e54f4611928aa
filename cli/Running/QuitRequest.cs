using System.Runtime.InteropServices;

namespace Atoll.Cli.Running;

/// <summary>Whether the user wants to end: <c>q</c>, Ctrl-C, a signal, or the time that was asked for.</summary>
public sealed class QuitRequest : IDisposable
{
    private const char ControlC = '\x03';

    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly TimeSpan? _after;
    private volatile bool _requested;

    /// <summary>Begins to listen.</summary>
    /// <param name="after">Wall time after which to end without being asked, or null.</param>
    public QuitRequest(TimeSpan? after)
    {
        _after = after;
        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
        {
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                _requested = true;
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

    /// <summary>Looks whether to end now.</summary>
    public bool IsDue(TimeSpan elapsed)
    {
        while (!Console.IsInputRedirected && Console.KeyAvailable)
        {
            _requested |= Console.ReadKey(intercept: true).KeyChar is 'q' or ControlC;
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

    private void ReadInput()
    {
        int key;
        while ((key = Console.Read()) >= 0)
        {
            _requested |= key == 'q';
        }
    }
}

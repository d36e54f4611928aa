using System.Diagnostics;
using System.Text;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Guest;

/// <summary>A person at the guest's terminal: types, and reads what comes until it says what was expected.</summary>
public sealed class GuestTerminal : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _heard = new();
    private readonly AutoResetEvent _news = new(initialState: false);
    private readonly TimeSpan _patience;
    private int _read;

    /// <summary>Boots.</summary>
    /// <param name="settings">A system whose console is a program.</param>
    /// <param name="patience">How long one answer may take.</param>
    public GuestTerminal(VmSettings settings, TimeSpan patience)
    {
        _patience = patience;
        Machine = VmMachine.StartRaw(settings, Hear);
    }

    /// <summary>The machine.</summary>
    public VmMachine Machine { get; }

    /// <summary>Everything that was heard so far.</summary>
    public string Heard
    {
        get
        {
            lock (_gate)
            {
                return _heard.ToString();
            }
        }
    }

    // Not all of it each time: long runs hear much.
    private string Unread
    {
        get
        {
            lock (_gate)
            {
                return _heard.ToString(_read, _heard.Length - _read);
            }
        }
    }

    /// <summary>Types.</summary>
    public void Type(string text) => Machine.Send(text);

    /// <summary>Reads on until something is said, whatever records of a kernel come between; or until a record comes.</summary>
    /// <param name="words">What. A record begins with an at sign.</param>
    /// <returns>What was said before it, and it; of words, without the records between. Null: it was not said in time.</returns>
    public string? ReadUntil(string words)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            string rest = Unread;
            bool isRecord = words.StartsWith('@');
            string said = isRecord ? rest : KernelRecords.Without(rest);
            int length = said.IndexOf(words, StringComparison.Ordinal) + words.Length;
            if (length >= words.Length)
            {
                _read += isRecord ? length : KernelRecords.LengthWith(rest, length);
                return said[..length];
            }

            TimeSpan left = _patience - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || Machine.WaitForExit(TimeSpan.Zero))
            {
                return null;
            }

            _news.WaitOne(left < TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Waits until something has been said, wherever: what is read next stays the same.</summary>
    public bool WaitUntilHeard(string words)
    {
        long start = Stopwatch.GetTimestamp();
        while (!Heard.Contains(words, StringComparison.Ordinal))
        {
            if (Stopwatch.GetElapsedTime(start) > _patience || Machine.WaitForExit(TimeSpan.Zero))
            {
                return false;
            }

            _news.WaitOne(TimeSpan.FromSeconds(1));
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Machine.Dispose();
        _news.Dispose();
    }

    private void Hear(ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            _heard.Append(Encoding.Latin1.GetString(bytes.Span));
        }

        _news.Set();
    }
}

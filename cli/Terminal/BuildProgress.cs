using System.Diagnostics;
using System.Globalization;

namespace Atoll.Cli.Terminal;

/// <summary>What a person sees of a build: every error at once, and every few seconds that it goes on and what is done.</summary>
/// <remarks>A build that ends before the first word is due says nothing.</remarks>
public sealed class BuildProgress : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    private readonly string _what;
    private readonly Action<string> _say;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Timer _timer;
    private volatile string _last = "restoring packages";
    private int _done;

    /// <summary>Begins to tell.</summary>
    /// <param name="what">What is being built.</param>
    public BuildProgress(string what)
        : this(what, s_pause, Progress.Say)
    {
    }

    /// <summary>Begins to tell somebody.</summary>
    public BuildProgress(string what, TimeSpan pause, Action<string> say)
    {
        _what = what;
        _say = say;
        _timer = new Timer(_ => Tell(), null, pause, pause);
    }

    /// <summary>Takes one line of MSBuild's, as it writes them at its verbosity <c>minimal</c>.</summary>
    public void Take(string line)
    {
        int arrow = line.IndexOf(" -> ", StringComparison.Ordinal);
        if (arrow > 0)
        {
            _last = line[..arrow].Trim();
            Interlocked.Increment(ref _done);
        }
        else if (!line.StartsWith("  ", StringComparison.Ordinal))
        {
            // What is indented tells of restoring; errors and warnings begin with the file that they are about.
            _say(line);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Tell()
    {
        string seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        _say(_done == 0 ? $"  {_what}: {seconds} s, {_last}" : $"  {_what}: {seconds} s, {_done} projects done, {_last} the last");
    }
}

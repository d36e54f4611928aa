namespace Atoll.TestVm.Scenarios;

/// <summary>A small request now and then, so that something always moves in QEMU's user network.</summary>
/// <remarks>
/// After a burst of new connections QEMU's user network may have accepted one of the host's and sent nothing of it to the guest until another packet moves, for a minute if none does
/// (docs/http.md). A browser or a watcher beside it is what ends that; here it is this.
/// </remarks>
internal sealed class WebBeat : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly Task<long> _beats;

    /// <summary>Begins.</summary>
    /// <param name="address">What is asked for.</param>
    public WebBeat(string address) => _beats = Task.Run(() => Beat(address));

    /// <summary>Ends.</summary>
    /// <returns>Requests that were answered.</returns>
    public long End()
    {
        _end.Cancel();
        return _beats.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _end.Cancel();
        _client.Dispose();
        _end.Dispose();
    }

    private async Task<long> Beat(string address)
    {
        long answered = 0;
        while (!_end.IsCancellationRequested)
        {
            _ = await _client.GetStringAsync(new Uri(address));
            answered++;
            await Task.Delay(s_pause);
        }

        return answered;
    }
}

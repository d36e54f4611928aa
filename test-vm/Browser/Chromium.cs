using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Browser;

/// <summary>Chromium without a screen, with one page.</summary>
public sealed class Chromium : IDisposable
{

    // A loaded machine takes its time to start a browser.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);
    private readonly CancellationTokenSource _stop = new(s_patience);
    private readonly string _profile = Directory.CreateTempSubdirectory("atoll-chromium").FullName;
    private readonly DevTools _page = new();
    private Process? _process;

    /// <summary>Debian's package.</summary>
    public static DebianPackage Package { get; } = new("chromium", "/usr/bin/chromium");

    /// <summary>Whether it is installed.</summary>
    public static bool IsHere => Package.IsInstalled;

    /// <summary>What the browser has reported as wrong.</summary>
    public IReadOnlyList<string> Complaints => _page.Complaints;

    /// <summary>Starts it, and opens an address.</summary>
    public async Task OpenAsync(string address, int width, int height)
    {
        // It has no sandbox of its own for root, and the pages are ours.
        string[] options =
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
            "--disable-background-networking", "--remote-debugging-port=0", "--remote-debugging-address=127.0.0.1",
                $"--user-data-dir={_profile}",
            "about:blank",
        ];
        _process = Process.Start(new ProcessStartInfo(Package.File, options) { RedirectStandardError = true })!;
        await _page.ConnectAsync(await FindPortAsync(_process), _stop.Token);
        await ResizeAsync(width, height);
        await _page.CallAsync("Page.navigate", new() { ["url"] = address }, _stop.Token);
    }

    /// <summary>Gives the page a size, in its own pixels.</summary>
    public Task ResizeAsync(int width, int height) => _page.CallAsync(
        "Emulation.setDeviceMetricsOverride",
        new() { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = width < 500 },
        _stop.Token);

    /// <summary>What an expression is.</summary>
    public async Task<string> ReadAsync(string expression) =>
        (await _page.EvaluateAsync($"String({expression})", _stop.Token))!.GetValue<string>();

    /// <summary>Waits until an expression is true; fails when it never is.</summary>
    public async Task WaitAsync(string expression)
    {
        string promise = $"new Promise(done => {{ const look = () => ({expression}) ? done(true) : setTimeout(look, 50); look(); }})";
        await _page.EvaluateAsync(promise, _stop.Token);
    }

    /// <summary>Presses a key, wherever the focus is.</summary>
    public async Task PressAsync(string key, int code)
    {
        foreach (string type in new[] { "keyDown", "keyUp" })
        {
            JsonObject press = new() { ["type"] = type, ["key"] = key, ["code"] = key, ["windowsVirtualKeyCode"] = code };
            if (key == "Enter")
            {
                press["text"] = "\r";
            }

            await _page.CallAsync("Input.dispatchKeyEvent", press, _stop.Token);
        }
    }

    /// <summary>A picture of the page, as PNG.</summary>
    public async Task<byte[]> CaptureAsync() =>
        Convert.FromBase64String((await _page.CallAsync("Page.captureScreenshot", new() { ["format"] = "png" },
            _stop.Token))["data"]!.GetValue<string>());

    public void Dispose()
    {
        _page.Dispose();
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        _stop.Dispose();
        Directory.Delete(_profile, recursive: true);
    }

    // "DevTools listening on ws://127.0.0.1:PORT/..."; whatever else it says is read, so that it never waits for a reader.
    private Task<int> FindPortAsync(Process process)
    {
        const string mark = "DevTools listening on ws://127.0.0.1:";
        TaskCompletionSource<int> port = new();
        process.ErrorDataReceived += (_, said) =>
        {
            if (said.Data is null)
            {
                port.TrySetException(new InvalidOperationException("the browser ended"));
            }
            else if (said.Data.StartsWith(mark, StringComparison.Ordinal))
            {
                port.TrySetResult(int.Parse(said.Data[mark.Length..].Split('/')[0], CultureInfo.InvariantCulture));
            }
        };
        process.BeginErrorReadLine();
        return port.Task.WaitAsync(_stop.Token);
    }
}

using System.Globalization;
using Atoll.TestVm.Browser;
using Atoll.TestVm.Guest;
using Atoll.TestVm.Machine;

namespace Atoll.TestVm.Scenarios;

/// <summary>A browser shows the machine, live: what the shell does to a program is seen on the page.</summary>
public sealed class WebPageScenario : SystemScenario
{
    private const int Width = 1280;
    private const int Height = 1000;

    private static readonly GuestPort s_port = new(80);

    private readonly VmNetwork _network = VmNetwork.Of(s_port);

    /// <inheritdoc/>
    public override string Name => "web-page";

    /// <inheritdoc/>
    public override string Description =>
        "Chromium shows figures of the running machine, and sees a program end and start when the shell does it";

    /// <inheritdoc/>
    public override string? SystemName => "web";

    /// <inheritdoc/>
    public override IReadOnlyList<DebianPackage> Packages => [Chromium.Package];

    /// <inheritdoc/>
    public override IReadOnlyList<VmShape> Shapes => [new(1) { MemoryMiB = 128 }];

    /// <inheritdoc/>
    protected override string Parameters => "end=never grant=16 console=program";

    /// <summary>Where the picture of the page goes; null: nowhere.</summary>
    private static string? PicturePath => Environment.GetEnvironmentVariable("ATOLL_PICTURE");

    /// <inheritdoc/>
    protected override VmSettings Equip(VmSettings settings) => settings with { Network = _network };

    /// <inheritdoc/>
    protected override void Play(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        if (!expect.That(Chromium.IsHere, "Chromium is not installed")
            || !expect.That(terminal.WaitUntilHeard("http: listening"), "the server does not listen"))
        {
            return;
        }

        Settle(expect, terminal);
        try
        {
            WatchAsync(run, expect, terminal).Wait();
        }
        catch (AggregateException error)
        {
            expect.That(false, $"the page: {error.GetBaseException().Message}");
        }
    }

    private async Task WatchAsync(ScenarioRun run, Expectations expect, GuestTerminal terminal)
    {
        using var browser = new Chromium();
        await browser.OpenAsync($"http://127.0.0.1:{_network.HostPort(s_port)}", Width, Height);
        await browser.WaitAsync(State("clock", "running"));
        await browser.WaitAsync("Number(document.querySelector('[data-program=http] td:last-child').textContent.replace(',', '')) > 0");
        run.Count("programs", await NumberAsync(browser, "document.querySelectorAll('#programs tbody tr').length"));
        if (PicturePath is { } path)
        {
            await File.WriteAllBytesAsync(path, await browser.CaptureAsync());
        }

        Does(expect, terminal, "kill clock", "taken away");
        await browser.WaitAsync(State("clock", "stopped"));
        string events = await browser.ReadAsync("document.getElementById('events').textContent");
        expect.That(events.Contains("clock is stopped.", StringComparison.Ordinal),
            $"the page does not tell that the clock was stopped: {events}");
        Does(expect, terminal, "start clock", "started");
        await browser.WaitAsync(State("clock", "running"));
        run.Count("requests", await NumberAsync(browser, "document.querySelector('#http dd:nth-of-type(2)').textContent.replace(',', '')"));
        expect.That(browser.Complaints.Count == 0, $"the browser complains: {string.Join("; ", browser.Complaints)}");
    }

    private static void Does(Expectations expect, GuestTerminal terminal, string command, string words)
    {
        string answer = Ask(expect, terminal, command);
        expect.That(answer.Contains(words, StringComparison.Ordinal), $"'{command}': {answer}");
    }

    private static async Task<long> NumberAsync(Chromium browser, string expression) =>
        long.Parse(await browser.ReadAsync(expression), NumberStyles.None, CultureInfo.InvariantCulture);

    private static string State(string program, string state) =>
        $"document.querySelector('[data-program={program}] .state')?.textContent === '{state}'";
}

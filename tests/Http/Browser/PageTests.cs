using System.Globalization;
using Atoll.Http.Tests.Clients;
using Atoll.TestVm.Browser;
using Atoll.Http.Tests.Site;
using Atoll.Services.Http;
using Atoll.Services.Protocols;

namespace Atoll.Http.Tests.Browser;

/// <summary>The page in a browser, served by the engine over sockets of this host. Without a browser there is nothing to show.</summary>
public sealed class PageTests : IDisposable
{
    private readonly PretendedMachine _machine = new() { Pace = 20_000 };
    private readonly SocketServer<WebSite<MachineView>> _server;
    private readonly Chromium _browser = new();

    public PageTests() => _server = new(new(_machine.View()));

    public void Dispose()
    {
        _browser.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task Page_ShowsTheMachineAndWhatHappensToIt()
    {
        if (!Chromium.IsHere)
        {
            return;
        }

        await _browser.OpenAsync(_server.Address, 1280, 1000);
        await _browser.WaitAsync(State("shell", "running"));
        Assert.Equal("4", await _browser.ReadAsync("document.querySelectorAll('#instances > li').length"));
        Assert.Equal("4", await _browser.ReadAsync("document.querySelectorAll('#programs tbody tr').length"));

        // A rate needs two answers.
        await _browser.WaitAsync("Number(document.querySelector('[data-program=shell] td:last-child').textContent) > 0");
        await _browser.WaitAsync("document.getElementById('state').textContent === 'The machine answers.'");

        _machine.Programs.Single(program => program.Name == "shell").State = ProgramState.Stopped;
        await _browser.WaitAsync(State("shell", "stopped"));
        Assert.Contains("shell is stopped.", await _browser.ReadAsync("document.getElementById('events').textContent"),
            StringComparison.Ordinal);

        PretendedProgram console = _machine.Programs.Single(program => program.Name == "console");
        console.Starts++;
        await _browser.WaitAsync("document.getElementById('events').textContent.includes('console was started again.')");
        Assert.Empty(_browser.Complaints);
    }

    /// <summary>Two cores have programs of one name. What its core tells of is not elsewhere.</summary>
    [Fact]
    public async Task Page_ShowsProgramsOfAllCores()
    {
        if (!Chromium.IsHere)
        {
            return;
        }

        PretendedProgram shell = new("shell");
        _machine.Programs.Add(new("agent") { State = ProgramState.Elsewhere });
        _machine.Others[2] = [shell, new("agent")];
        await _browser.OpenAsync(_server.Address, 1280, 1000);
        await _browser.WaitAsync(State("shell", "running", core: 0));
        await _browser.WaitAsync(State("shell", "running", core: 2));
        await _browser.WaitAsync(State("agent", "running", core: 2));
        Assert.Equal("6", await _browser.ReadAsync("document.querySelectorAll('#programs tbody tr').length"));
        await _browser.WaitAsync("Number(document.querySelector('[data-program=shell][data-core=\"2\"] td:last-child').textContent) > 0");

        shell.State = ProgramState.Stopped;
        await _browser.WaitAsync(State("shell", "stopped", core: 2));
        await _browser.WaitAsync(State("shell", "running", core: 0));
        Assert.Contains("shell of core 2 is stopped.", await _browser.ReadAsync("document.getElementById('events').textContent"),
            StringComparison.Ordinal);

        _machine.Others.Clear();
        await _browser.WaitAsync("document.querySelector('#instances [data-core=\"2\"]').textContent.includes('tells nothing here')");
        await _browser.WaitAsync(State("agent", "elsewhere"));
        Assert.Equal("5", await _browser.ReadAsync("document.querySelectorAll('#programs tbody tr').length"));
        Assert.Empty(_browser.Complaints);
    }

    [Fact]
    public async Task Page_SaysWhenTheMachineIsSilent()
    {
        if (!Chromium.IsHere)
        {
            return;
        }

        await _browser.OpenAsync(_server.Address, 1280, 1000);
        await _browser.WaitAsync(State("shell", "running"));
        _server.Dispose();
        await _browser.WaitAsync("document.getElementById('state').className === 'late'");
        Assert.StartsWith("The machine does not answer", await _browser.ReadAsync("document.getElementById('state').textContent"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_FitsAPhoneAndTheKeyboard()
    {
        if (!Chromium.IsHere)
        {
            return;
        }

        await _browser.OpenAsync(_server.Address, 360, 740);
        await _browser.WaitAsync(State("shell", "running"));
        Assert.Equal("360", await _browser.ReadAsync("document.documentElement.scrollWidth"));

        // Tab reaches the link over the header, then the button; Enter presses it.
        await _browser.PressAsync("Tab", 9);
        Assert.Equal("skip", await _browser.ReadAsync("document.activeElement.className"));
        await _browser.PressAsync("Tab", 9);
        Assert.Equal("pause", await _browser.ReadAsync("document.activeElement.id"));
        Assert.True(double.Parse(await _browser.ReadAsync("document.activeElement.offsetHeight"), CultureInfo.InvariantCulture) >= 44);
        await _browser.PressAsync("Enter", 13);
        Assert.Equal("true", await _browser.ReadAsync("document.activeElement.ariaPressed"));
        Assert.StartsWith("Paused", await _browser.ReadAsync("document.getElementById('state').textContent"), StringComparison.Ordinal);
        Assert.Empty(_browser.Complaints);
    }

    private static string State(string program, string state, int core) =>
        $"document.querySelector('[data-program={program}][data-core=\"{core}\"] .state')?.textContent === '{state}'";

    private static string State(string program, string state) =>
        $"document.querySelector('[data-program={program}] .state')?.textContent === '{state}'";
}

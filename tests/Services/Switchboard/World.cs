using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;
using Atoll.Services.Switchboard;

namespace Atoll.Services.Tests.Switchboard;

/// <summary>An end of a channel. Who joins ends hears of it some time after it was made, and it hears some time after that.</summary>
internal sealed class End(int core, int peer, ulong name, uint number)
{
    /// <summary>Number on its core, which another has once this one is given up.</summary>
    public uint Number => number;

    public int Core => core;

    public int PeerCore => peer;

    public ulong Name => name;

    public EndLook State { get; set; } = EndLook.Asking;

    public bool IsDropped { get; set; }

    /// <summary>The other end, once they are joined.</summary>
    public End? Other { get; set; }
}

/// <summary>A server, and its line.</summary>
internal sealed class Server(int core, string name, ulong key)
{
    public int Core => core;

    public string Name => name;

    public ulong Key => key;

    public bool IsDead { get; set; }

    /// <summary>Its switchboard is gone, or has hung up.</summary>
    public bool IsLineGone { get; set; }

    /// <summary>What it says over its line.</summary>
    public Queue<ulong> Said { get; } = [];

    public ulong Admitted { get; set; }

    public List<(End End, Arrival Told)> Given { get; } = [];

    /// <summary>Of those that were given, how many it has not taken.</summary>
    public int Waiting { get; set; }
}

/// <summary>A program that calls.</summary>
internal sealed class Caller(int core, string name, ulong key, uint wanted, ulong badge)
{
    public int Core => core;

    public string Name => name;

    public ulong Key => key;

    public uint Wanted => wanted;

    public ulong Badge => badge;

    public bool IsDead { get; set; }

    /// <summary>The life of the switchboard that it called.</summary>
    public Exchange? Board { get; init; }

    /// <summary>Whether it waits, or has an end.</summary>
    public bool Counts => Answers == 0 || End is { IsDropped: false };

    public int Answers { get; set; }

    public ConnectAnswer Answer { get; set; }

    public End? End { get; set; }
}

/// <summary>A channel between a switchboard and the directory: one for each two lives that have met.</summary>
internal sealed class Link
{
    public Queue<RingMessage> ToDirectory { get; } = [];

    public Queue<RingMessage> ToBoard { get; } = [];

    public bool IsBoardGone { get; set; }

    public bool IsDirectoryGone { get; set; }
}

/// <summary>What a switchboard does with kernel and programs, played.</summary>
internal sealed class Exchange
{
    private readonly End?[] _ends = new End?[DirectoryLimits.Calls + DirectoryLimits.Arrivals];
    private readonly Server?[] _servers = new Server?[DirectoryLimits.Listeners];

    public required int Core { get; init; }

    /// <summary>Ends that the core may still make.</summary>
    public required Func<bool> HasRoom { get; init; }

    /// <summary>Ends of the core, of any life of its switchboard.</summary>
    public required Func<IEnumerable<End>> EndsOfCore { get; init; }

    public required Action<End> OnMade { get; init; }

    public required Action<End> OnDropped { get; init; }

    public required Action<string> OnWrong { get; init; }

    /// <summary>Who listens next.</summary>
    public Server? Listening { get; set; }

    public Caller?[] Callers { get; } = new Caller?[DirectoryLimits.Calls];

    public IEnumerable<End> Ends => _ends.OfType<End>();

    public IEnumerable<Server> Servers => _servers.OfType<Server>();

    public bool TryMake(uint place, uint core, ulong name)
    {
        if (_ends[place] is not null)
        {
            OnWrong($"place {place} is taken twice");
        }

        if (!HasRoom())
        {
            return false;
        }

        uint number = 0;
        HashSet<uint> taken = [.. EndsOfCore().Select(end => end.Number)];
        while (taken.Contains(number))
        {
            number++;
        }

        _ends[place] = new End(Core, (int)core, name, number);
        OnMade(_ends[place]!);
        return true;
    }

    public uint NumberOf(uint place) => _ends[place]!.Number;

    public bool IsHeld(uint number, ulong name) => EndsOfCore().Any(end => end.Number == number && end.Name == name);

    public EndLook Look(uint place) => _ends[place]!.State;

    public void Drop(uint place)
    {
        if (_ends[place] is not { } end)
        {
            OnWrong($"place {place} is empty, and given up");
            return;
        }

        _ends[place] = null;
        OnDropped(end);
    }

    public bool TryMakeLine(uint listener)
    {
        _servers[listener] = Listening;
        return true;
    }

    public LineLook LookAtLine(uint listener, out ulong room)
    {
        room = 0;
        Server server = _servers[listener]!;
        if (server.IsDead)
        {
            return LineLook.Gone;
        }

        return server.Said.TryDequeue(out room) ? LineLook.Room : LineLook.Nothing;
    }

    public void DropLine(uint listener)
    {
        _servers[listener]!.IsLineGone = true;
        _servers[listener] = null;
    }

    public GiveOutcome TryGive(uint listener, uint place, in Arrival arrival)
    {
        Server server = _servers[listener]!;
        End end = _ends[place]!;
        if (server.IsDead)
        {
            return GiveOutcome.Broken;
        }

        if (server.Waiting == ChannelPage.GrantsMax)
        {
            return GiveOutcome.Later;
        }

        if (end.State != EndLook.Open)
        {
            OnWrong("a server is given an end that is not open");
        }

        if (end.Name != arrival.Connection || end.PeerCore != (int)arrival.Core)
        {
            OnWrong("a server is told of another connection");
        }

        server.Waiting++;
        server.Given.Add((end, arrival));
        _ends[place] = null;
        if ((ulong)server.Given.Count > server.Admitted)
        {
            OnWrong("a server has more connections than it has room for");
        }

        return GiveOutcome.Given;
    }

    public void AnswerCaller(uint call, ConnectAnswer answer)
    {
        if (Callers[call] is not { } caller)
        {
            OnWrong($"call {call} is answered twice");
            return;
        }

        Callers[call] = null;
        caller.Answers++;
        caller.Answer = answer;
        End? end = _ends[call];
        if (answer == ConnectAnswer.Done)
        {
            _ends[call] = null;
            caller.End = end;
            if (caller.IsDead)
            {
                OnDropped(end!);
            }
        }
        else if (end is not null)
        {
            OnWrong("a call is refused, and its end is kept");
        }
    }
}

/// <summary>The same as a value.</summary>
internal readonly struct PlayedBoard(Exchange exchange) : IBoard
{
    public bool TryMake(uint place, uint core, ulong name) => exchange.TryMake(place, core, name);

    public EndLook Look(uint place) => exchange.Look(place);

    public void Drop(uint place) => exchange.Drop(place);

    public uint NumberOf(uint place) => exchange.NumberOf(place);

    public bool IsHeld(uint number, ulong name) => exchange.IsHeld(number, name);

    public bool TryMakeLine(uint listener) => exchange.TryMakeLine(listener);

    public void AnswerListener(uint listener)
    {
    }

    public LineLook LookAtLine(uint listener, out ulong room) => exchange.LookAtLine(listener, out room);

    public void DropLine(uint listener) => exchange.DropLine(listener);

    public GiveOutcome TryGive(uint listener, uint place, in Arrival arrival) => exchange.TryGive(listener, place, in arrival);

    public void AnswerCaller(uint call, ConnectAnswer answer) => exchange.AnswerCaller(call, answer);
}

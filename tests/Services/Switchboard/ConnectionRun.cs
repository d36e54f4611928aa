using System.Text;
using Atoll.Abi;
using Atoll.Services.Directory;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;
using Atoll.Services.Switchboard;

namespace Atoll.Services.Tests.Switchboard;

/// <summary>A machine of switchboards and a directory: their own code, over channels, ends, servers and callers that are played. One seed decides what happens when.</summary>
internal sealed class ConnectionRun
{
    private const int TroubleSteps = 1500;
    private const int QuietSteps = 60_000;

    // Of the program that wants more than the others: one on each core.
    private const ulong GreedyBadge = 1_000_000;
    private static readonly string[] s_names = ["a", "bb", "a-long-name-of-thirty-one-bytes"];
    private static readonly ulong[] s_keys = [ProtocolKey.Of("talk"u8, 1).Raw, ProtocolKey.Of("talk"u8, 2).Raw, ProtocolKey.Of("walk"u8, 1).Raw];

    private readonly Random _random;
    private readonly int _seed;
    private readonly int _linkRoom;
    private readonly int _endsMax;
    private readonly uint _quota;
    private readonly Board[] _boards;
    private readonly List<End> _ends = [];
    private readonly List<End> _waiting = [];
    private readonly List<Queue<Action>> _toMaker;
    private readonly List<Queue<Action>> _fromMaker;
    private readonly List<Server> _servers = [];
    private readonly List<Caller> _callers = [];
    private DirectoryState _directory;
    private ulong _since = 1;
    private ulong _badges;

    private ConnectionRun(int seed)
    {
        _seed = seed;
        _random = new Random(seed);
        int cores = _random.Next(1, 6);
        _linkRoom = _random.Next(1, 5);
        _endsMax = _random.Next(4) == 0 ? 12 : int.MaxValue;
        _quota = (uint)_random.Next(1, 7);
        _toMaker = [.. Enumerable.Range(0, cores).Select(_ => new Queue<Action>())];
        _fromMaker = [.. Enumerable.Range(0, cores).Select(_ => new Queue<Action>())];
        _boards = [.. Enumerable.Range(0, cores).Select(core => new Board { Exchange = NewExchange(core) })];
        BeginDirectory();
    }

    /// <summary>Runs one seed.</summary>
    /// <exception cref="InvalidOperationException">Something is not as it should be; the message has the seed.</exception>
    public static void Run(int seed)
    {
        using HostRegion.Scope memory = HostRegion.Begin();
        ConnectionRun run = new(seed);
        for (int step = 0; step < TroubleSteps; step++)
        {
            run.Act();
            run.Work();
        }

        run.Settle();
        run.CheckEnds();
        run.CheckOutcomes();
        run.CheckLeftovers();
    }

    private Exchange NewExchange(int core) => new()
    {
        Core = core,
        HasRoom = () => _ends.Count(end => end.Core == core && !end.IsDropped) < _endsMax,
        EndsOfCore = () => _ends.Where(end => end.Core == core && !end.IsDropped),
        OnMade = Made,
        OnDropped = Dropped,
        OnWrong = wrong => throw Failure(wrong),
    };

    // Programs.
    private void Act()
    {
        int core = _random.Next(_boards.Length);
        switch (_random.Next(20))
        {
            case 0 or 1:
                Listen(core, s_names[_random.Next(s_names.Length)], s_keys[_random.Next(s_keys.Length)]);
                break;
            case 2 or 3 or 4 when _servers.Count != 0:
                Admit(_servers[_random.Next(_servers.Count)], (ulong)_random.Next(1, 4));
                break;
            case < 10:
                Call(core, s_names[_random.Next(s_names.Length)], s_keys[_random.Next(s_keys.Length)], _random.Next(2) == 0 ? ConnectCore.Any : (uint)_random.Next(_boards.Length + 1), isGreedy: _random.Next(2) == 0);
                break;
            case 10 or 11 when _servers.Count != 0:
                _servers[_random.Next(_servers.Count)].Waiting = 0;
                break;
            case 12 or 13 when _callers.Count != 0:
                HangUp(_callers[_random.Next(_callers.Count)], dies: _random.Next(4) == 0);
                break;
            case 14 when _servers.Count != 0 && _random.Next(3) == 0:
                Die(_servers[_random.Next(_servers.Count)]);
                break;
            case 15 when _random.Next(12) == 0:
                KillBoard(core);
                break;
            case 16 when _random.Next(25) == 0:
                KillDirectory();
                break;
            case 17 when _random.Next(25) == 0:
                KillCore(core);
                break;
        }
    }

    private void Listen(int core, string name, ulong key)
    {
        Board board = _boards[core];
        Server server = new(core, name, key);
        board.Exchange.Listening = server;
        PlayedBoard played = new(board.Exchange);
        bool isTaken = board.Exchange.Servers.Any(other => !other.IsDead && other.Name == name);
        ConnectAnswer answer = board.State.Listen(ref played, Words(name), key);
        Expect((answer == ConnectAnswer.Taken) == isTaken, $"to listen under a name that is {(isTaken ? "taken" : "free")} is answered {answer}");
        if (answer == ConnectAnswer.Done)
        {
            _servers.Add(server);
        }
    }

    private static void Admit(Server server, ulong more)
    {
        if (!server.IsDead && !server.IsLineGone)
        {
            server.Admitted += more;
            server.Said.Enqueue(more);
        }
    }

    private Caller Call(int core, string name, ulong key, uint wanted, bool isGreedy)
    {
        Board board = _boards[core];
        ulong badge = isGreedy ? GreedyBadge : ++_badges;
        ConnectAnswer expected = Expected(board, badge, isGreedy ? _quota : ConnectionQuotas.Usual);
        Caller caller = new(core, name, key, wanted, badge) { Board = board.Exchange };
        PlayedBoard played = new(board.Exchange);
        ConnectAnswer answer = board.State.Connect(ref played, Words(name), key, wanted, badge, isGreedy ? _quota : ConnectionQuotas.Usual, out uint call);
        Expect(answer == expected, $"a call is answered {answer}, and not {expected}, at once");
        if (answer == ConnectAnswer.Done)
        {
            board.Exchange.Callers[call] = caller;
            _callers.Add(caller);
        }
        else
        {
            caller.Answers = 1;
            caller.Answer = answer;
        }

        return caller;
    }

    // One program may have so many, another calls once: what its switchboard has not forgotten, because it died, counts.
    private ConnectAnswer Expected(Board board, ulong badge, uint quota)
    {
        Caller[] own = [.. _callers.Where(caller => caller.Badge == badge && caller.Board == board.Exchange)];
        int underWay = board.Exchange.Callers.OfType<Caller>().Count();
        return !board.State.IsJoined ? ConnectAnswer.Unavailable
            : own.Count(caller => caller.Counts) >= quota ? ConnectAnswer.QuotaSpent
            : own.Count(caller => caller.Answers == 0) == BoardState.CallsOfOne || underWay == DirectoryLimits.Calls ? ConnectAnswer.Busy
            : ConnectAnswer.Done;
    }

    private void HangUp(Caller caller, bool dies)
    {
        caller.IsDead |= dies;
        if (caller.End is { IsDropped: false } end)
        {
            Dropped(end);
        }
    }

    private void Die(Server server)
    {
        server.IsDead = true;
        foreach ((End end, _) in server.Given.Where(given => !given.End.IsDropped))
        {
            Dropped(end);
        }
    }

    private void KillBoard(int core)
    {
        Board board = _boards[core];
        if (board.Link is { } link)
        {
            link.IsBoardGone = true;
        }

        foreach (End end in board.Exchange.Ends.ToList())
        {
            Dropped(end);
        }

        foreach (Server server in board.Exchange.Servers)
        {
            server.IsLineGone = true;
        }

        foreach (Caller caller in board.Exchange.Callers.OfType<Caller>())
        {
            // The kernel says that who was called is dead.
            caller.Answers++;
            caller.Answer = ConnectAnswer.ServerGone;
        }

        _boards[core] = new Board { Exchange = NewExchange(core), AtDirectory = board.AtDirectory, IsAsked = board.IsAsked };
    }

    private void KillDirectory()
    {
        foreach (Board board in _boards)
        {
            if (board.AtDirectory is { } link)
            {
                link.IsDirectoryGone = true;
            }

            board.AtDirectory = null;
            board.IsAsked = true;
        }

        BeginDirectory();
    }

    private void KillCore(int core)
    {
        if (core == 0)
        {
            return;
        }

        foreach (Server server in _servers.Where(server => server.Core == core))
        {
            Die(server);
        }

        foreach (Caller caller in _callers.Where(caller => caller.Core == core))
        {
            HangUp(caller, dies: true);
        }

        KillBoard(core);

        // Whoever waits for it waits in vain.
        foreach (End end in _waiting.Where(end => end.PeerCore == core).ToList())
        {
            _waiting.Remove(end);
            _fromMaker[end.Core].Enqueue(() => end.State = EndLook.Over);
        }
    }

    // Whoever joins ends.
    private void Made(End end)
    {
        _ends.Add(end);
        _toMaker[end.Core].Enqueue(() => Join(end));
    }

    private void Join(End end)
    {
        if (end.IsDropped)
        {
            return;
        }

        End? other = _waiting.Find(other => other.Core == end.PeerCore && other.PeerCore == end.Core && other.Name == end.Name && !other.IsDropped);
        if (other is null)
        {
            _waiting.Add(end);
            return;
        }

        _waiting.Remove(other);
        (end.Other, other.Other) = (other, end);
        foreach (End told in new[] { end, other })
        {
            _fromMaker[told.Core].Enqueue(() => told.State = told.Other!.IsDropped ? EndLook.Over : EndLook.Open);
        }
    }

    private void Dropped(End end)
    {
        Expect(!end.IsDropped, "an end is given up twice");
        end.IsDropped = true;
        _toMaker[end.Core].Enqueue(() => _waiting.Remove(end));
        if (end.Other is { } other)
        {
            _fromMaker[other.Core].Enqueue(() => other.State = EndLook.Over);
        }
    }

    private void BeginDirectory()
    {
        _directory = default;
        _directory.Begin(
            HostRegion.Make(ListenerRow.SizeBytes * DirectoryLimits.Listeners * _boards.Length),
            HostRegion.Make(CallRow.SizeBytes * DirectoryLimits.Calls * _boards.Length),
            HostRegion.Make(CoreRow.SizeBytes * _boards.Length),
            (uint)_boards.Length,
            _since += 1_000_000);
    }

    // One step of one of them.
    private bool Work()
    {
        int core = _random.Next(_boards.Length);
        Board board = _boards[core];
        switch (_random.Next(8))
        {
            case 0:
                return Do(_toMaker[core]);
            case 1:
                return Do(_fromMaker[core]);
            case 2:
                return HearBoard(board);
            case 3:
                PlayedBoard played = new(board.Exchange);
                board.State.Turn(ref played);
                return false;
            case 4:
                return SayBoard(board);
            case 5:
                return HearDirectory(core, board);
            case 6:
                return SayDirectory(core, board);
            default:
                return Meet(core, board);
        }
    }

    private static bool Do(Queue<Action> queue)
    {
        if (queue.TryDequeue(out Action? action))
        {
            action();
            return true;
        }

        return false;
    }

    private static bool HearBoard(Board board)
    {
        PlayedBoard played = new(board.Exchange);
        if (board.Link is not { } link)
        {
            return false;
        }

        if (link.ToBoard.TryDequeue(out RingMessage message))
        {
            board.State.Hear(ref played, in message);
            return true;
        }

        if (link.IsDirectoryGone)
        {
            board.Unsaid = null;
            board.Link = null;
            board.State.Part(ref played);
            return true;
        }

        return false;
    }

    private bool SayBoard(Board board)
    {
        if (board.Link is not { } link || link.ToDirectory.Count >= _linkRoom)
        {
            return false;
        }

        if (board.Unsaid is null && board.State.TrySay(out RingMessage message))
        {
            board.Unsaid = message;
        }

        if (board.Unsaid is { } unsaid)
        {
            link.ToDirectory.Enqueue(unsaid);
            board.Unsaid = null;
            return true;
        }

        return false;
    }

    private bool HearDirectory(int core, Board board)
    {
        if (board.AtDirectory is not { } link)
        {
            return false;
        }

        if (link.ToDirectory.TryDequeue(out RingMessage message))
        {
            _directory.Hear((uint)core, in message);
            return true;
        }

        if (link.IsBoardGone)
        {
            _directory.Lose((uint)core);
            board.AtDirectory = null;
            board.IsAsked = false;
            return true;
        }

        return false;
    }

    private bool SayDirectory(int core, Board board)
    {
        if (board.AtDirectory is not { } link || link.ToBoard.Count >= _linkRoom || !_directory.TryPeek((uint)core, out RingMessage message))
        {
            return false;
        }

        link.ToBoard.Enqueue(message);
        _directory.Say((uint)core);
        return true;
    }

    private bool Meet(int core, Board board)
    {
        board.IsAsked |= board.AtDirectory is null && _directory.IsSettled((uint)core);
        if (!board.IsAsked || board.Link is not null || board.AtDirectory is not null)
        {
            return false;
        }

        board.Link = board.AtDirectory = new Link();
        board.State.Join();
        return true;
    }

    private void Settle()
    {
        int idle = 0;
        for (int step = 0; step < QuietSteps && idle < 400 * _boards.Length; step++)
        {
            foreach (Server server in _servers)
            {
                server.Waiting = 0;
            }

            idle = Work() ? 0 : idle + 1;
        }

        Expect(idle >= 400 * _boards.Length, "it never comes to rest");
    }

    private void CheckEnds()
    {
        for (int core = 0; core < _boards.Length; core++)
        {
            Expect(_boards[core].State.IsJoined, $"core {core} has no directory");
            Expect(_boards[core].State.UnderWay == 0, $"on core {core} something is under way for ever");
            Expect(_directory.IsSettled((uint)core) && !_directory.Owes((uint)core), $"in the directory something of core {core} is under way for ever");
        }

        Expect(_directory.Refused == 0, "the directory has refused a message");
        foreach (End end in _ends.Where(end => !end.IsDropped))
        {
            bool isServers = _servers.Any(server => !server.IsDead && server.Given.Any(given => given.End == end));
            bool isCallers = _callers.Any(caller => !caller.IsDead && caller.End == end);
            Expect(isServers || isCallers, $"nobody has an end of core {end.Core}");
            Expect(end.State != EndLook.Asking, $"an end of core {end.Core} waits for ever");
            Expect(end.State != EndLook.Open || end.Other is { IsDropped: false }, "who died is not told of");
        }
    }

    private void CheckOutcomes()
    {
        foreach (Caller caller in _callers)
        {
            Expect(caller.Answers == 1, $"a call has {caller.Answers} outcomes");
            if (caller.Answer != ConnectAnswer.Done)
            {
                continue;
            }

            Server? server = _servers.Find(server => server.Given.Any(given => given.End == caller.End!.Other));
            Expect(server is not null, "who is connected has no server");
            Arrival told = server!.Given.Find(given => given.End == caller.End!.Other).Told;
            Expect(server.Name == caller.Name && server.Key == caller.Key, "somebody is connected to another server");
            Expect(caller.Wanted == ConnectCore.Any || caller.Wanted == server.Core, "somebody is connected to another core");
            Expect(told.Badge == caller.Badge && told.Core == caller.Core, "a server is told of another caller");
        }

        Expect(_ends.GroupBy(end => (end.Name, end.Core, end.PeerCore)).All(group => group.Count() <= (group.Key.Core == group.Key.PeerCore ? 2 : 1)), "a number is used twice");
    }

    // All is quiet, and everybody goes; then each answer is known.
    private void CheckLeftovers()
    {
        foreach (Server server in _servers.Where(server => !server.IsDead))
        {
            Die(server);
        }

        foreach (Caller caller in _callers)
        {
            HangUp(caller, dies: true);
        }

        Settle();
        Expect(_ends.All(end => end.IsDropped), "an end is left");
        int core = _random.Next(_boards.Length);
        Listen(core, "a", s_keys[0]);
        Server listener = _servers[^1];
        Settle();
        if (_random.Next(2) == 0)
        {
            KillDirectory();
            Settle();
        }

        foreach (int from in Enumerable.Range(0, _boards.Length))
        {
            Ask(from, "nobody", s_keys[0], ConnectCore.Any, ConnectAnswer.Unknown);
            Ask(from, "a", s_keys[0], (uint)((core + 1) % _boards.Length), _boards.Length == 1 ? ConnectAnswer.NoRoom : ConnectAnswer.Unknown);
            Ask(from, "a", s_keys[1], ConnectCore.Any, ConnectAnswer.OtherVersion);
            Ask(from, "a", s_keys[2], (uint)core, ConnectAnswer.OtherProtocol);
            Ask(from, "a", s_keys[0], ConnectCore.Any, ConnectAnswer.NoRoom);
            Admit(listener, 1);
            Settle();
            Ask(from, "a", s_keys[0], ConnectCore.Any, ConnectAnswer.Done);
            Ask(from, "a", s_keys[0], (uint)core, ConnectAnswer.NoRoom);
        }
    }

    private void Ask(int from, string name, ulong key, uint wanted, ConnectAnswer expected)
    {
        Caller caller = Call(from, name, key, wanted, isGreedy: false);
        Settle();
        Expect(caller.Answers == 1 && caller.Answer == expected, $"'{name}' of core {wanted} is answered {caller.Answer} and not {expected}");
    }

    private static NameWords Words(string name)
    {
        Assert.True(NameWords.TryOf(Encoding.UTF8.GetBytes(name), out NameWords words));
        return words;
    }

    private void Expect(bool isSo, string wrong)
    {
        if (!isSo)
        {
            throw Failure(wrong);
        }
    }

    private InvalidOperationException Failure(string wrong) => new($"{wrong}; repeat with ATOLL_SEED={_seed}");

    /// <summary>A switchboard.</summary>
    private sealed class Board
    {
        public BoardState State;

        public required Exchange Exchange { get; init; }

        /// <summary>The channel to the directory, as it sees it.</summary>
        public Link? Link { get; set; }

        /// <summary>The same, as the directory sees it.</summary>
        public Link? AtDirectory { get; set; }

        /// <summary>Whether the directory has asked for a channel.</summary>
        public bool IsAsked { get; set; } = true;

        public RingMessage? Unsaid { get; set; }
    }
}

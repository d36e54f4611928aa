using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Tests.Lib.Sets;

/// <summary>A program with many ends; messages, rings, deaths and new channels come between any two of its steps, as a seed says. Each end is kept account of.</summary>
internal sealed class ChannelSetRun : IDisposable
{
    private const int StepsOfTrouble = 4000;
    private const int StepsMax = 200_000;

    private readonly Random _random;
    private readonly PlayedKernel _kernel;
    private readonly Account[] _accounts;
    private readonly string _seed;
    private ChannelSet _set;
    private int _trouble = StepsOfTrouble;

    private ChannelSetRun(int seed, int ends)
    {
        _random = new Random(seed);
        _seed = $"ATOLL_SEED={seed}";
        _kernel = new PlayedKernel(ends) { Between = Act, Idle = GoOn };
        _accounts = [.. Enumerable.Range(0, ends).Select(_ => new Account())];
        _set = _kernel.Set();
    }

    /// <summary>Runs one seed.</summary>
    /// <exception cref="InvalidOperationException">Something was lost, doubled or told wrongly.</exception>
    public static void Run(int seed, int ends)
    {
        using ChannelSetRun run = new(seed, ends);
        run.Run();
    }

    public void Dispose() => _kernel.Dispose();

    private void Run()
    {
        for (int step = 0; step < StepsMax; step++)
        {
            Act();
            RestOrAwake();
            switch (_set.Next(out uint end))
            {
                case ChannelSetEvent.None:
                    if (!_set.Wait(deadline: 2000))
                    {
                        CheckAtRest();
                        return;
                    }

                    break;
                case ChannelSetEvent.Message:
                    Receive((int)end);
                    break;
                case ChannelSetEvent.Opened:
                    Expect(!_accounts[end].IsOpen, end, "opened twice");
                    _accounts[end] = new Account { IsOpen = true, Epoch = _set[end].Epoch };
                    break;
                case ChannelSetEvent.Ended:
                    End((int)end);
                    break;
                case ChannelSetEvent.Unavailable:
                    Expect(!_accounts[end].IsOpen, end, "unavailable while it was open");
                    Expect(_set.Reopen(end) == ChannelResult.Done, end, "not asked for again");
                    break;
            }
        }

        throw Failure("the program never comes to rest");
    }

    // A program that waits elsewhere may do either at any time.
    private void RestOrAwake()
    {
        int choice = _random.Next(8);
        if (choice == 0)
        {
            _ = _set.TryRest();
        }

        for (int times = choice - 4; times > 0; times--)
        {
            Act();
            _set.Awake();
        }
    }

    private void Receive(int end)
    {
        Account account = _accounts[end];
        for (int most = _random.Next(1, 6); most > 0; most--)
        {
            if (_set[(uint)end].TryReceive(out RingMessage message) != ChannelResult.Done)
            {
                return;
            }

            Expect(account.IsOpen && message.Payload.Word1 == account.Epoch && message.Payload.Word0 == account.Received, (uint)end, "another message than the next");
            account.Received++;
            RingMessage answer = default;
            _ = _set[(uint)end].TrySend(in answer);
            Act();
        }
    }

    private void End(int end)
    {
        Account account = _accounts[end];
        Expect(account.IsOpen, (uint)end, "ended twice, or never opened");
        Expect(account.Received == _kernel.Ends[end].Sent || _kernel.Ends[end].Epoch != account.Epoch, (uint)end, "ended before all was received");
        account.IsOpen = false;
        if (_random.Next(4) != 0)
        {
            Expect(_set.Reopen((uint)end) == ChannelResult.Done, (uint)end, "not asked for again");
        }
        else
        {
            account.IsLeft = true;
        }
    }

    // Nothing is under way any more, and the program waits: then it has everything.
    private void CheckAtRest()
    {
        for (int end = 0; end < _accounts.Length; end++)
        {
            PlayedEnd other = _kernel.Ends[end];
            Account account = _accounts[end];
            Expect(account.IsLeft || account.IsOpen == (other.State == ChannelState.Open), (uint)end, $"the program was not told that it is {other.State}");
            Expect(!account.IsOpen || account.Received == other.Sent, (uint)end, $"{account.Received} of {other.Sent} messages were received, and the program sleeps");
        }
    }

    // Some of the others do something; most of it to few ends, as in life.
    private void Act()
    {
        for (int acts = _random.Next(4); acts > 0 && _trouble > 0; acts--, _trouble--)
        {
            int end = _random.Next(3) == 0 ? _random.Next(_accounts.Length) : _random.Next(3);
            PlayedEnd other = _kernel.Ends[end];
            switch (_random.Next(12))
            {
                case 0 when !other.Lives && other.State == ChannelState.Asking:
                    if (_random.Next(8) == 0)
                    {
                        _kernel.Refuse(end);
                        break;
                    }

                    _kernel.Open(end);
                    break;
                case < 5:
                    _ = other.TrySend();
                    break;
                case < 8:
                    other.EndTurn();
                    break;
                case < 10:
                    _ = _kernel.TryArrive(end);
                    break;
                case 10 when _random.Next(6) == 0:
                    other.Die();
                    break;
                case 11:
                    other.Ring(_random.Next(5) == 0 ? ChannelNews.Given : ChannelNews.Rang);
                    _ = other.TakeAnswers();
                    break;
            }
        }
    }

    // The program waits and nothing is pending: others go on; in the end they only finish what they have begun.
    private bool GoOn()
    {
        if (_trouble > 0)
        {
            Act();
            return true;
        }

        int[] busy = [.. Enumerable.Range(0, _accounts.Length).Where(end => _kernel.Ends[end].UnderWay.Count != 0)];
        if (busy.Length != 0)
        {
            return _kernel.TryArrive(busy[_random.Next(busy.Length)]);
        }

        foreach (PlayedEnd other in _kernel.Ends)
        {
            other.EndTurn();
        }

        return _kernel.Ends.Any(other => other.UnderWay.Count != 0);
    }

    private void Expect(bool isSo, uint end, string wrong)
    {
        if (!isSo)
        {
            throw Failure($"end {end}: {wrong}");
        }
    }

    private InvalidOperationException Failure(string wrong) => new($"{wrong}; repeat with {_seed}");

    /// <summary>What the program knows of an end.</summary>
    private sealed class Account
    {
        public bool IsOpen { get; set; }

        public bool IsLeft { get; set; }

        public ulong Epoch { get; init; }

        public ulong Received { get; set; }
    }
}

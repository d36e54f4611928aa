using Atoll.Abi;

namespace Atoll.Kernel.Tests.Multikernel.Remote;

/// <summary>What everybody knows of one call that a simulated program has made to an endpoint of another core, or to a thread.</summary>
internal sealed class LedgerCall
{
    /// <summary>Core that makes it.</summary>
    public required uint Caller { get; init; }

    /// <summary>Core that it is made to.</summary>
    public required uint Home { get; init; }

    /// <summary>How often that core had begun anew.</summary>
    public required int HomeLife { get; init; }

    /// <summary>Whether the home still let the caller use the endpoint.</summary>
    public required bool WasHeld { get; init; }

    /// <summary>Whether it awaits an answer.</summary>
    public required bool IsCall { get; init; }

    /// <summary>What is asked of a thread; null: it goes to an endpoint.</summary>
    public ThreadOperation? Operation { get; init; }

    /// <summary>Whether a server has received it, or a thread shows that it was done.</summary>
    public bool IsReceived { get; set; }

    /// <summary>Whether a server has answered it.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>What the caller has heard; null: nothing yet.</summary>
    public SystemResult? Outcome { get; set; }
}

/// <summary>All calls between cores of a simulated machine: each is received at most once, and has one outcome.</summary>
internal sealed class CallLedger
{
    // Words of hostile kernels are smaller, or have a bit that no number here has.
    private const ulong First = 1UL << 50;

    private const ulong FirstMark = 1UL << 40;

    private readonly Dictionary<ulong, LedgerCall> _calls = [];
    private readonly Dictionary<uint, int> _lives = [];

    /// <summary>What callers have heard, in the order of their calls.</summary>
    public IEnumerable<SystemResult> Outcomes => _calls.Values.Where(call => call.Outcome is not null).Select(call => call.Outcome!.Value);

    /// <summary>Calls that were answered and whose callers have heard it.</summary>
    public int Answered { get; private set; }

    /// <summary>A core begins anew.</summary>
    public void Begin(uint core) => _lives[core] = LifeOf(core) + 1;

    /// <summary>A call is made.</summary>
    /// <returns>Its number, which is its word 0.</returns>
    public ulong Add(uint caller, uint home, bool wasHeld, bool isCall)
    {
        ulong number = First + (ulong)_calls.Count;
        _calls.Add(number, new LedgerCall { Caller = caller, Home = home, HomeLife = LifeOf(home), WasHeld = wasHeld, IsCall = isCall });
        return number;
    }

    /// <summary>A thread of another core is asked.</summary>
    /// <returns>Its number.</returns>
    public ulong AddOperation(uint caller, uint home, bool wasHeld, ThreadOperation operation)
    {
        ulong number = First + (ulong)_calls.Count;
        _calls.Add(number, new LedgerCall { Caller = caller, Home = home, HomeLife = LifeOf(home), WasHeld = wasHeld, IsCall = true, Operation = operation });
        return number;
    }

    /// <summary>What a thread of another core is given to show that it was asked: below the end of what programs have.</summary>
    public static ulong MarkOf(ulong number) => number - First + FirstMark;

    /// <summary>A thread shows a mark.</summary>
    /// <returns>Whether a call of this ledger has put it there.</returns>
    public bool Show(uint core, ulong mark) => mark >= FirstMark && Receive(core, mark - FirstMark + First) is not null;

    /// <summary>What is asked of a thread; null: it goes to an endpoint.</summary>
    public ThreadOperation? OperationOf(ulong number) => _calls[number].Operation;

    /// <summary>Core that a call is made to.</summary>
    public uint HomeOf(ulong number) => _calls[number].Home;

    /// <summary>Whether it awaits an answer.</summary>
    public bool IsCall(ulong number) => _calls[number].IsCall;

    /// <summary>A server has answered.</summary>
    public void Answer(ulong number)
    {
        if (_calls.TryGetValue(number, out LedgerCall? call))
        {
            call.IsAnswered = true;
        }
    }

    /// <summary>What a server says to a call.</summary>
    public static ulong AnswerTo(ulong number, int word) => ~number * (ulong)(word + 3);

    /// <summary>A server has received something.</summary>
    /// <returns>The call; null: nobody of this ledger has made it.</returns>
    public LedgerCall? Receive(uint core, ulong number)
    {
        if (!_calls.TryGetValue(number, out LedgerCall? call))
        {
            return null;
        }

        Assert.True(call.Home == core, $"a call to core {call.Home} was received at core {core}");
        Assert.False(call.IsReceived, $"call {number - First} was received twice at core {core}");
        Assert.True(call.WasHeld, $"call {number - First} was received at core {core}, which had taken the endpoint back before it was made");
        Assert.True(call.HomeLife == LifeOf(core), $"call {number - First} was received at core {core}, which had begun anew since it was made");
        Assert.True(call.Outcome != SystemResult.WouldBlock, $"call {number - First} was received at core {core}, and its caller was told that there is no room");
        call.IsReceived = true;
        return call;
    }

    /// <summary>A caller hears how its call ended.</summary>
    /// <param name="core">Where it was made.</param>
    /// <param name="number">The call.</param>
    /// <param name="result">What it hears.</param>
    /// <param name="isHomeHostile">Whether the home may say anything.</param>
    public void End(uint core, ulong number, SystemResult result, bool isHomeHostile)
    {
        LedgerCall call = _calls[number];
        string what = $"call {number - First} of core {core} to core {call.Home}";
        Assert.True(call.Outcome is null, $"{what} has two outcomes, {call.Outcome} and {result}");
        call.Outcome = result;
        if (isHomeHostile)
        {
            return;
        }

        bool isSameLife = call.HomeLife == LifeOf(call.Home);
        switch (result)
        {
            case SystemResult.Ok:
                Assert.True(call.IsAnswered || !call.IsCall || call.Operation is not null, $"{what} was answered, and not by a server");
                Answered++;
                break;
            case SystemResult.WouldBlock:
                Assert.False(call.IsReceived, $"{what} found no room, and a server has received it");
                break;
            case SystemResult.PeerDied:
                Assert.False((call.IsAnswered || (call.IsReceived && call.Operation is not null)) && isSameLife && IsReachable(core, call.Home), $"{what} was answered, and its caller was told that its peer died");
                break;
            case SystemResult.WrongState or SystemResult.OperationUnknown or SystemResult.AddressInvalid or SystemResult.AuthorityMissing
                or SystemResult.ArgumentInvalid or SystemResult.BufferMissing when call.Operation is not null:
                break;
            default:
                Assert.Fail($"{what} ended with {result}");
                break;
        }
    }

    /// <summary>Nothing is under way any more: what was sent without an answer has been received, unless its receiver is dead.</summary>
    public void AssertSentWasReceived()
    {
        foreach ((ulong number, LedgerCall call) in _calls)
        {
            bool isMissing = !call.IsCall && call.Outcome == SystemResult.Ok && !call.IsReceived && call.HomeLife == LifeOf(call.Home)
                && !IsUnheard(call.Home) && !IsUnheard(call.Caller);
            Assert.False(isMissing, $"message {number - First} to core {call.Home} was sent, and nobody has received it");
        }
    }

    /// <summary>Whether two cores have a link; else each is dead for the other.</summary>
    public Func<uint, uint, bool> IsReachable { get; set; } = (_, _) => true;

    /// <summary>Whether what a core has said or received is not known: it is dead, or says anything.</summary>
    public Func<uint, bool> IsUnheard { get; set; } = _ => false;

    private int LifeOf(uint core) => _lives.GetValueOrDefault(core);
}

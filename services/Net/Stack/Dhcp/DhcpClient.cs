namespace Atoll.Services.Net.Stack;

/// <summary>States of the DHCP client. Source: RFC 2131, figure 5.</summary>
public enum DhcpState : byte
{
    /// <summary>Not started: the address is a setting.</summary>
    Off,

    /// <summary>Looks for a server.</summary>
    Selecting,

    /// <summary>Has asked for what a server offered.</summary>
    Requesting,

    /// <summary>Has an address.</summary>
    Bound,

    /// <summary>Asks the server for more time.</summary>
    Renewing,

    /// <summary>Asks any server for more time.</summary>
    Rebinding,
}

/// <summary>Gets us an address. Source: RFC 2131, "Client behavior".</summary>
internal struct DhcpClient
{
    private const ulong FirstWait = 4 * StackLimits.Second;
    private const int WaitDoublings = 4;
    private const int RequestTries = 4;
    private const ulong RenewWaitMin = 60 * StackLimits.Second;

    public DhcpState State;

    /// <summary>A message is to be sent.</summary>
    public bool IsSendDue;
    public uint Transaction;
    public Ipv4Address Offered;
    public Ipv4Address Server;
    public ulong StartedAt;
    private byte _tries;
    private ulong _nextAt;
    private ulong _renewAt;
    private ulong _rebindAt;
    private ulong _endAt;

    public readonly bool IsRunning => State != DhcpState.Off;

    public readonly ulong NextDeadline => IsRunning ? _nextAt : ulong.MaxValue;

    /// <summary>Begins anew, without an address.</summary>
    public void Start(in NetStack stack)
    {
        State = DhcpState.Selecting;
        Transaction = (uint)stack.State.Random.Next();
        StartedAt = stack.Now;
        _tries = 0;
        Ask(stack);
    }

    /// <summary>A server offers an address: the first offer is taken.</summary>
    public void TakeOffer(in NetStack stack, Ipv4Address offered, Ipv4Address server)
    {
        State = DhcpState.Requesting;
        Offered = offered;
        Server = server;
        _tries = 0;
        Ask(stack);
    }

    /// <summary>The server has given us the address for a time.</summary>
    public void Bind(in NetStack stack, in DhcpLease lease)
    {
        State = DhcpState.Bound;
        IsSendDue = false;
        bool isForEver = lease.Seconds == uint.MaxValue;
        ulong whole = lease.Seconds * StackLimits.Second;
        ulong renew = lease.RenewSeconds != 0 ? lease.RenewSeconds * StackLimits.Second : whole / 2;
        ulong rebind = lease.RebindSeconds != 0 ? lease.RebindSeconds * StackLimits.Second : whole / 8 * 7;
        rebind = Arithmetic.Min(rebind, whole);
        _endAt = stack.Now + whole;
        _rebindAt = stack.Now + rebind;
        _renewAt = stack.Now + Arithmetic.Min(renew, rebind);
        _nextAt = isForEver ? ulong.MaxValue : _renewAt;
    }

    /// <summary>Does what is due: asks again, renews, gives the address up.</summary>
    public void Advance(in NetStack stack)
    {
        if (stack.Now < NextDeadline)
        {
            return;
        }

        if (State is DhcpState.Selecting or DhcpState.Requesting)
        {
            AskAgain(stack);
        }
        else if (stack.Now >= _endAt)
        {
            AddressClient.Lose(stack);
            Start(stack);
        }
        else
        {
            State = stack.Now >= _rebindAt ? DhcpState.Rebinding : DhcpState.Renewing;
            ulong until = State == DhcpState.Rebinding ? _endAt : _rebindAt;
            _nextAt = Arithmetic.Min(until, stack.Now + Arithmetic.Max((until - stack.Now) / 2, RenewWaitMin));
            IsSendDue = true;
        }
    }

    private void AskAgain(in NetStack stack)
    {
        if (State == DhcpState.Requesting && _tries >= RequestTries)
        {
            Start(stack);
            return;
        }

        Ask(stack);
    }

    // 4 s, doubled up to 64 s, each give or take a second, so that many clients do not ask at once.
    private void Ask(in NetStack stack)
    {
        ulong spread = stack.State.Random.Next() % (2 * StackLimits.Second);
        _nextAt = stack.Now + (FirstWait << Arithmetic.Min(_tries, WaitDoublings)) - StackLimits.Second + spread;
        _tries = _tries < 255 ? (byte)(_tries + 1) : _tries;
        IsSendDue = true;
    }
}

/// <summary>What a server grants.</summary>
internal struct DhcpLease
{
    public Ipv4Address Address;
    public Ipv4Address SubnetMask;
    public Ipv4Address Gateway;
    public Ipv4Address NameServer;
    public uint Seconds;
    public uint RenewSeconds;
    public uint RebindSeconds;
}

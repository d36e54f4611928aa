using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Midway;

/// <summary>Has senders die in the middle of a send, one after another, at each step and in each way, while all others go on; hears what they had sent, and of each death once.</summary>
[NonCopyable]
internal struct Listener
{
    private const uint Steps = (uint)SendStep.Doorbell + 1;
    private const uint Ways = 3;
    private const uint WayStop = 1;
    private const uint WayPanic = 2;
    private const uint NumbersMost = 200;
    private const ulong LooksPerSecond = 5000;
    private const ulong StandsPerSecond = 1000;

    /// <summary>Senders.</summary>
    internal uint Senders;

    /// <summary>Deaths that were ordered.</summary>
    internal ulong Ordered;

    /// <summary>Deaths that were heard of.</summary>
    internal ulong Told;

    /// <summary>Last words that were heard.</summary>
    internal ulong Heard;

    /// <summary>Last words that were sent: their header was stored.</summary>
    internal ulong Due;

    /// <summary>Numbers that were heard, of all lives that are over.</summary>
    internal ulong Numbers;

    /// <summary>What was not as it should be.</summary>
    internal ulong Wrong;

    private ListenLine.Row _lines;
    private RandomNumbers _random;
    private ulong _tscHz;

    /// <summary>Opens a line to the sender of each core.</summary>
    internal void Open(in ProgramStart start)
    {
        _tscHz = start.TscHz;
        for (uint core = 1; core <= ListenLine.Max; core++)
        {
            TextBuffer name = default;
            name.Add("to-"u8);
            name.Add(core);
            RingChannel channel = RingChannel.Of(in start, TextBuffer.View(in name));
            if (channel.IsGiven)
            {
                ref ListenLine line = ref _lines[(int)Senders];
                line.Channel = channel;
                line.Core = core;
                Wrong += line.Channel.Open() == ChannelResult.Done ? 0UL : 1;
                Senders++;
            }
        }
    }

    /// <summary>So many deaths.</summary>
    internal void Run(CoresClient cores, ulong deaths, ulong seed)
    {
        _random = new RandomNumbers(seed);
        for (ulong death = 0; death < deaths; death++)
        {
            uint step = (uint)(death % Steps);
            Have((uint)_random.Below(Senders), step, (uint)(death / Steps % Ways), cores);
        }

        for (uint sender = 0; sender < Senders; sender++)
        {
            Numbers += _lines[(int)sender].Numbers;
            Wrong += _lines[(int)sender].Wrong;
        }
    }


    /// <summary>Listens until so many more have died, of whatever it was. What was heard of each life is a part of its numbers, from the first on.</summary>
    internal void Survive(ulong deaths)
    {
        ulong last = Told + deaths;
        while (Told < last)
        {
            bool did = false;
            for (uint sender = 0; sender < Senders; sender++)
            {
                ref ListenLine line = ref _lines[(int)sender];
                ChannelResult heard = line.Listen();
                did |= heard != ChannelResult.WouldBlock;
                if (heard == ChannelResult.PeerDied)
                {
                    Told++;
                    Numbers += line.Numbers;
                    Wrong += line.Wrong;
                    line.Forget();
                    Wrong += MeetsNextLife(ref line.Channel) ? 0UL : 1;
                }
            }

            if (!did)
            {
                Rest();
            }
        }

    }

    // One sender dies, and begins anew.
    private void Have(uint who, uint step, uint way, CoresClient cores)
    {
        ref ListenLine line = ref _lines[(int)who];
        RingMessage order = MidwayMessage.Of(MidwayMessage.Die, step, _random.Below(NumbersMost), way == 0 ? 0UL : 1);
        Wrong += line.Channel.TrySend(in order) == ChannelResult.Done ? 0UL : 1;
        line.Channel.EndTurn();
        Ordered++;
        bool isSent = step >= (uint)SendStep.Position;
        bool isStopped = way == 0;
        ulong told = Told;
        while (Told == told)
        {
            if (!Turn(who))
            {
                Rest();
            }

            // One that stands still has said all that it will, or will have in a while.
            ref ListenLine dying = ref _lines[(int)who];
            if (!isStopped && Told == told && dying.FarewellAt != 0 && (isSent ? dying.Words != 0 : Ipc.Now() - dying.FarewellAt > _tscHz / StandsPerSecond))
            {
                isStopped = true;
                CallResult answered = cores.Order(dying.Core, way == WayStop ? CoreOrder.Restart : CoreOrder.Panic, out _, out CoresAnswer answer);
                Wrong += answered == CallResult.Ok && answer == CoresAnswer.Done ? 0UL : 1;
            }
        }

        ref ListenLine dead = ref _lines[(int)who];
        Due += isSent ? 1UL : 0;
        Heard += dead.Words;
        Wrong += dead.FarewellAt != 0 && dead.Words == (isSent ? 1u : 0) ? 0UL : 1;
        Numbers += dead.Numbers;
        Wrong += dead.Wrong;
        dead.Forget();
        Wrong += MeetsNextLife(ref dead.Channel) ? 0UL : 1;
    }

    // It waits until that core is up again.
    private static bool MeetsNextLife(ref RingChannel channel) => channel.Reopen() == ChannelResult.Done && channel.Open() == ChannelResult.Done;

    private bool Turn(uint who)
    {
        bool did = false;
        for (uint sender = 0; sender < Senders; sender++)
        {
            ChannelResult heard = _lines[(int)sender].Listen();
            did |= heard != ChannelResult.WouldBlock;
            if (heard == ChannelResult.PeerDied)
            {
                Told++;
                Wrong += sender == who ? 0UL : 1;
                return true;
            }
        }

        return did;
    }

    private void Rest()
    {
        bool mayRest = true;
        ulong notification = 0;
        for (uint sender = 0; sender < Senders; sender++)
        {
            ref ListenLine line = ref _lines[(int)sender];
            mayRest &= line.Channel.TryRest();
            notification = line.Channel.Notification;
        }

        if (mayRest)
        {
            Nap(notification);
        }

        for (uint sender = 0; sender < Senders; sender++)
        {
            _lines[(int)sender].Channel.Awake();
        }
    }

    private readonly void Nap(ulong notification)
    {
        ulong deadline = Ipc.Now() + (_tscHz / LooksPerSecond);
        _ = Ipc.Receive(notification, 0, out _, Deadline.Flags(deadline), deadline);
    }
}

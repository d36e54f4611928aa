using Atoll.Abi;
using Atoll.Services.Lib;

namespace Atoll.Services.Loan;

/// <summary>Gives a page and a bell to programs of all cores, its own among them, and takes them back while those take, map, copy, signal, delete and send. Each capability is accounted for.</summary>
/// <remarks>
/// Rounds of three kinds. In most, a revoke meets what is on its way, waits to be taken, is in use or is being deleted. In a <i>still</i> one nobody takes: every place of a channel is filled,
/// the next grant is refused, and all that was given is withheld. In a <i>calm</i> one all is taken before it is taken back. So a place, a record or a capability that a storm has lost shows.
/// </remarks>
[NonCopyable]
internal struct StormGiver
{
    private const ulong RoundsOfACycle = 8;
    private const ulong StillRound = 6;
    private const ulong CalmRound = 7;
    private const uint WhilesMax = 100;
    private const ulong WhilesPerSecond = 1_000_000;

    // No bit is used again for so many rounds, so a signal that comes late is seen to be of an old bell.
    private const int Bits = 32;

    /// <summary>Holders.</summary>
    internal uint Holders;

    /// <summary>Times that a capability was to be given.</summary>
    internal ulong Tried;

    /// <summary>Those for which there was no place.</summary>
    internal ulong Refused;

    /// <summary>Those that holders have taken.</summary>
    internal ulong Taken;

    /// <summary>Those that were taken back before anybody took them.</summary>
    internal ulong Withheld;

    /// <summary>Those of <see cref="Taken"/> that belong to calm rounds.</summary>
    internal ulong TakenInCalm;

    /// <summary>Those of <see cref="Withheld"/> that belong to still rounds.</summary>
    internal ulong WithheldInStill;

    /// <summary>Revokes that were answered.</summary>
    internal ulong Revoked;

    /// <summary>Rounds in which somebody was heard to signal.</summary>
    internal ulong Rung;

    /// <summary>Messages that came meanwhile, each with the next number.</summary>
    internal ulong Numbers;

    /// <summary>What the holders' kernels hold of others at the end.</summary>
    internal ulong Held;

    /// <summary>Whatever went otherwise than it should.</summary>
    internal ulong Wrong;

    private StormLine.Row _lines;
    private RandomNumbers _random;
    private ulong _ticksOfAWhile;
    private ulong _bell;

    /// <summary>Opens a line to the program of each core.</summary>
    internal void Open(in ProgramStart start)
    {
        for (uint core = 0; core < LoanProgram.CoresMax; core++)
        {
            RingChannel channel = LoanProgram.LineTo(in start, core);
            if (channel.IsGiven)
            {
                _lines[(int)Holders].Channel = channel;
                LoanProgram.Open(ref _lines[(int)Holders].Channel);
                Holders++;
            }
        }
    }

    /// <summary>Does so many rounds.</summary>
    internal void Run(in ProgramStart start, ref SlotRow row, ulong rounds, ulong seed)
    {
        OwnSlot page = row.Take();
        OwnSlot bell = row.Take();
        OwnSlot badged = row.Take();
        _random = new RandomNumbers(seed);
        _ticksOfAWhile = start.TscHz / WhilesPerSecond;
        bool isMade = page.Make(new UntypedMemory(start.Find("page"u8)), CapabilityType.Frame, ObjectSize.FrameBits) == SystemResult.Ok
            && bell.Make(new UntypedMemory(start.Find("own"u8)), CapabilityType.Notification) == SystemResult.Ok;
        if (!isMade)
        {
            ProgramExit.End(LoanProgram.NotMade);
        }

        _bell = bell.Address;
        for (ulong round = 0; round < rounds; round++)
        {
            ulong bit = 1UL << (int)(round % Bits);
            Wrong += badged.Mint(in bell, CapabilityRights.Write, bit) == SystemResult.Ok ? 0UL : 1;
            Round(in page, in badged, round % RoundsOfACycle);
            EndRound(bit, round % RoundsOfACycle);
            badged.Clear();
        }

        for (uint holder = 0; holder < Holders; holder++)
        {
            ref StormLine line = ref _lines[(int)holder];
            line.Send(LoanMessage.Calm);
            Held += line.Expect(LoanMessage.Counted).Payload.Word0;
            Numbers += line.Numbers;
            Wrong += line.WrongNumbers;
        }

        page.Free();
        bell.Free();
        badged.Free();
    }

    /// <summary>Waits until the holders are gone: whoever looks at the machine afterwards finds it as it was.</summary>
    internal void Stay()
    {
        while (Holders != 0 && _lines[0].Channel.Wait() == ChannelResult.Done)
        {
            _ = _lines[0].TryTake(out _);
        }
    }

    private void Round(ref readonly OwnSlot page, ref readonly OwnSlot badged, ulong kind)
    {
        switch (kind)
        {
            case StillRound:
                Fill(in page, in page);
                Overfill(in page, in badged);
                break;
            case CalmRound:
                SendAll(LoanMessage.Blow);
                Fill(in page, in badged);
                Settle();
                break;
            default:
                SendAll(LoanMessage.Blow);
                Throw(in page, in badged);
                Pause();
                TakeBack(in page);
                Throw(in page, in badged);
                Pause();
                break;
        }

        TakeBack(in badged);
        TakeBack(in page);
    }

    // Every place of every channel. Those of the round before may be on their way back.
    private void Fill(ref readonly OwnSlot first, ref readonly OwnSlot second)
    {
        for (uint holder = 0; holder < Holders; holder++)
        {
            ref StormLine line = ref _lines[(int)holder];
            for (uint place = 0; place < ChannelPage.GrantsMax; place++)
            {
                ulong given = place % 2 == 0 ? first.Address : second.Address;
                ChannelResult result = Grant(ref line, given);
                while (result == ChannelResult.WouldBlock)
                {
                    Wrong += line.TryTake(out _) ? 1UL : 0;
                    _ = Ipc.Wait(line.Channel.Notification);
                    result = Grant(ref line, given);
                }

                _ = Count(ref line, result);
            }
        }
    }

    // There is no place more than there should be.
    private void Overfill(ref readonly OwnSlot first, ref readonly OwnSlot second)
    {
        for (uint holder = 0; holder < Holders; holder++)
        {
            ref StormLine line = ref _lines[(int)holder];
            Wrong += TryGive(ref line, first.Address) ? 1UL : 0;
            Wrong += TryGive(ref line, second.Address) ? 1UL : 0;
        }
    }

    // To all, in another order each time; who has no place left gets nothing.
    private void Throw(ref readonly OwnSlot page, ref readonly OwnSlot badged)
    {
        uint first = (uint)_random.Below(Holders);
        for (uint holder = 0; holder < Holders; holder++)
        {
            ref StormLine line = ref _lines[(int)(first + holder < Holders ? first + holder : first + holder - Holders)];
            for (uint place = 0; place < ChannelPage.GrantsMax; place++)
            {
                _ = TryGive(ref line, _random.Below(2) == 0 ? page.Address : badged.Address);
            }
        }
    }

    private static ChannelResult Grant(ref StormLine line, ulong capability) =>
        line.Channel.Grant(capability, CapabilityRights.Read | CapabilityRights.Write);

    private bool TryGive(ref StormLine line, ulong capability) => Count(ref line, Grant(ref line, capability));

    private bool Count(ref StormLine line, ChannelResult given)
    {
        Tried++;
        Refused += given == ChannelResult.WouldBlock ? 1UL : 0;
        line.Given += given == ChannelResult.Done ? 1UL : 0;
        Wrong += given is ChannelResult.Done or ChannelResult.WouldBlock ? 0UL : 1;
        return given == ChannelResult.Done;
    }

    private void Settle()
    {
        for (uint holder = 0; holder < Holders; holder++)
        {
            _lines[(int)holder].Send(LoanMessage.Settle, _lines[(int)holder].Given);
        }

        for (uint holder = 0; holder < Holders; holder++)
        {
            _ = _lines[(int)holder].Expect(LoanMessage.Settled);
        }
    }

    // A while that a seed decides, in which nobody answers anything.
    private void Pause()
    {
        ulong until = Ipc.Now() + (_random.Below(WhilesMax) * _ticksOfAWhile);
        while (Ipc.Now() < until)
        {
            for (uint holder = 0; holder < Holders; holder++)
            {
                Wrong += _lines[(int)holder].TryTake(out _) ? 1UL : 0;
            }
        }
    }

    private void TakeBack(ref readonly OwnSlot given)
    {
        bool isBack = given.Revoke() == SystemResult.Ok;
        Revoked += isBack ? 1UL : 0;
        Wrong += isBack ? 0UL : 1;
    }

    // All is revoked: nobody has the page any more, none that was given can be taken, and no bell is heard.
    private void EndRound(ulong bit, ulong kind)
    {
        ulong heard = Heard();
        Rung += (heard & bit) != 0 ? 1UL : 0;
        Wrong += (heard & ~bit) != 0 ? 1UL : 0;
        SendAll(LoanMessage.TakenBack);
        for (uint holder = 0; holder < Holders; holder++)
        {
            ref StormLine line = ref _lines[(int)holder];
            RingMessage looked = line.Expect(LoanMessage.Looked);
            ulong taken = looked.Payload.Word1;
            Wrong += looked.Payload.Word0 + (taken > line.Given ? 1UL : 0) + (looked.Payload.Word2 == line.Numbers ? 0UL : 1);
            Taken += taken;
            Withheld += line.Given - taken;
            TakenInCalm += kind == CalmRound ? taken : 0;
            WithheldInStill += kind == StillRound ? line.Given - taken : 0;
            line.Given = 0;
        }

        Wrong += Heard() != 0 ? 1UL : 0;
    }

    private readonly ulong Heard()
    {
        ulong now = Ipc.Now();
        return Ipc.Receive(_bell, 0, out Message signals, Deadline.Flags(now), now) == SystemResult.Ok ? signals.Badge : 0;
    }

    private void SendAll(uint meta)
    {
        for (uint holder = 0; holder < Holders; holder++)
        {
            _lines[(int)holder].Send(meta);
        }
    }
}

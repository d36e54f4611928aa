using Atoll.Abi;

namespace Atoll.Explorer.Tso;

/// <summary>What truly happened, seen from outside: no actor reads it. Says at once when it must not have.</summary>
public sealed class Ledger(uint[] slotCounts, int contextCount)
{
    private readonly byte[] _sent = new byte[slotCounts.Length];
    private readonly byte[] _received = new byte[slotCounts.Length];
    private readonly byte[] _returned = new byte[slotCounts.Length];
    private readonly byte[] _deaths = new byte[slotCounts.Length];
    private readonly ulong[] _lastRung = new ulong[contextCount * contextCount];

    /// <summary>Messages taken out of a ring.</summary>
    public int Received(int ring) => _received[ring];

    /// <summary>Deaths of its sender that a ring's receiver learned of.</summary>
    public int Deaths(int ring) => _deaths[ring];

    /// <summary>Messages put into a ring.</summary>
    public int Sent(int ring) => _sent[ring];

    /// <summary>
    /// A word of message <paramref name="number"/> of a ring: different for every word of every message.
    /// </summary>
    public static ulong PayloadWord(int ring, int number, int word) =>
        0xA701_1000_0000_0000 | ((ulong)ring << 32) | ((ulong)number << 16) | (uint)word;

    /// <summary>A message was published.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="reserve">Slots that this kind of message must leave free.</param>
    public void NoteSent(int ring, uint reserve)
    {
        if (_sent[ring] + reserve >= _returned[ring] + slotCounts[ring])
        {
            throw new ViolationException(
                ViolationKind.Overrun,
                $"ring{ring}: message {_sent[ring]} has no free slot, {_returned[ring]} were returned");
        }

        _sent[ring]++;
    }

    /// <summary>A send was declined.</summary>
    public void NoteFull(int ring, uint reserve)
    {
        if (_sent[ring] + reserve < _returned[ring] + slotCounts[ring])
        {
            throw new ViolationException(
                ViolationKind.FullWhenNotFull,
                $"ring{ring}: {_sent[ring]} sent, {_returned[ring]} slots returned");
        }
    }

    /// <summary>A slot's new sequence reached memory from its consumer.</summary>
    public void NoteReturned(int ring) => _returned[ring]++;

    /// <summary>A message was taken out.</summary>
    public void NoteReceived(int ring, in RingMessage message, PayloadModel payload)
    {
        int expected = _received[ring]++;
        if (_deaths[ring] != 0)
        {
            throw new ViolationException(ViolationKind.DeathNotOnce, $"ring{ring}: a message after PeerDied");
        }

        int seen = (int)message.Meta;
        for (int i = 0; i < payload.LoadOrder.Length; i++)
        {
            int word = payload.LoadOrder[i];
            ulong found = WordOf(in message, word);
            ulong right = PayloadWord(ring, seen, word);
            if (found != right)
            {
                throw new ViolationException(
                    ViolationKind.MessageTorn,
                    $"ring{ring}: message {seen} has word{word} = {found:x}, not {right:x}");
            }
        }

        if (seen != expected)
        {
            ViolationKind kind = seen < expected ? ViolationKind.MessageDoubled : ViolationKind.MessageLost;
            throw new ViolationException(kind, $"ring{ring}: message {seen} came where {expected} was due");
        }
    }

    /// <summary>A receiver announces that it is about to sleep.</summary>
    public static void NoteSleep(Context receiver)
    {
        if (!receiver.WasDisturbed)
        {
            throw new ViolationException(
                ViolationKind.KeptAwake,
                $"{receiver.Actor.Name} was awake without a message or a doorbell");
        }

        receiver.WasDisturbed = false;
        receiver.IsAwake = false;
    }

    /// <summary>A receiver learned that a ring's sender is dead.</summary>
    public void NoteDeath(int ring)
    {
        if (++_deaths[ring] != 1)
        {
            throw new ViolationException(ViolationKind.DeathNotOnce, $"ring{ring}: a second PeerDied");
        }
    }

    /// <summary>A doorbell was rung for a wake word's value.</summary>
    public void NoteRung(int fromContext, int toContext, ulong wake)
    {
        ref ulong last = ref _lastRung[(fromContext * contextCount) + toContext];
        if (last == wake)
        {
            throw new ViolationException(ViolationKind.SecondDoorbell, $"rung again for sleep {wake}");
        }

        last = wake;
    }

    /// <summary>Writes the canonical form.</summary>
    public void Save(StateWriter writer)
    {
        writer.Raw(_sent);
        writer.Raw(_received);
        writer.Raw(_returned);
        writer.Raw(_deaths);
        foreach (ulong wake in _lastRung)
        {
            writer.Byte((byte)wake);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Restore(ref StateReader reader)
    {
        reader.Raw(_sent.Length).CopyTo(_sent);
        reader.Raw(_received.Length).CopyTo(_received);
        reader.Raw(_returned.Length).CopyTo(_returned);
        reader.Raw(_deaths.Length).CopyTo(_deaths);
        for (int i = 0; i < _lastRung.Length; i++)
        {
            _lastRung[i] = reader.Byte();
        }
    }

    private static unsafe ulong WordOf(in RingMessage message, int word)
    {
        fixed (RingPayload* payload = &message.Payload)
        {
            return ((ulong*)payload)[word];
        }
    }
}

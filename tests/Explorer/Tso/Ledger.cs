using Atoll.Ipc;

namespace Atoll.Explorer.Tso;

/// <summary>What truly happened, seen from outside: no actor reads it. Says at once when it must not have.</summary>
/// <param name="slotCounts">Slots of each ring.</param>
/// <param name="contextCount">Those who run.</param>
/// <param name="greeted">Messages of each ring that came before the search: 1 when the Hellos have passed.</param>
public sealed class Ledger(uint[] slotCounts, int contextCount, byte greeted)
{
    private const int EpochWord = 2;

    private readonly byte[] _sent = [.. slotCounts.Select(_ => greeted)];
    private readonly byte[] _received = [.. slotCounts.Select(_ => greeted)];
    private readonly byte[] _returned = [.. slotCounts.Select(_ => greeted)];
    private readonly byte[] _deaths = new byte[slotCounts.Length];
    private readonly ulong[] _lastRung = new ulong[contextCount * contextCount];

    /// <summary>Messages taken out of a ring.</summary>
    public int Received(int ring) => _received[ring];

    /// <summary>Deaths of its sender that a ring's receiver learned of.</summary>
    public int Deaths(int ring) => _deaths[ring];

    /// <summary>Messages put into a ring.</summary>
    public int Sent(int ring) => _sent[ring];

    /// <summary>Message <paramref name="number"/> of a ring, without the words that the link fills in.</summary>
    public static LinkMessage Compose(int ring, int number) => new()
    {
        Kind = (uint)PayloadWord(ring, number, word: 0),
        Operation = PayloadWord(ring, number, word: 1),
        Argument0 = PayloadWord(ring, number, word: 3),
        Argument1 = PayloadWord(ring, number, word: 4),
        Argument2 = PayloadWord(ring, number, word: 5),
        Argument3 = PayloadWord(ring, number, word: 6),
    };

    /// <summary>
    /// A word of message <paramref name="number"/> of a ring: different for every word of every message. The first is a kind
    /// of the layer above the link, in 32 bits.
    /// </summary>
    public static ulong PayloadWord(int ring, int number, int word) =>
        word == 0 ? 0x1_0000 | ((uint)ring << 8) | (uint)number
        : 0xA701_1000_0000_0000 | ((ulong)ring << 32) | ((ulong)word << 16) | (uint)number;

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

    /// <summary>A link took a message for itself: its peer's Hello, or one that it would not have.</summary>
    public void NoteHandled(int ring, bool wasRefused)
    {
        if (wasRefused)
        {
            throw new ViolationException(
                ViolationKind.MessageTorn, $"ring{ring}: message {_received[ring]} is none that the sender has sent");
        }

        _received[ring]++;
    }

    /// <summary>A message was delivered.</summary>
    public void NoteReceived(int ring, in LinkMessage message, PayloadModel payload)
    {
        int expected = _received[ring]++;
        if (_deaths[ring] != 0)
        {
            throw new ViolationException(ViolationKind.DeathNotOnce, $"ring{ring}: a message after PeerDied");
        }

        // The kind's low byte tells which message it should be; the link has looked at the epoch.
        int seen = (byte)message.Kind;
        foreach (int word in payload.LoadOrder.Where(word => word != EpochWord))
        {
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

    private static unsafe ulong WordOf(in LinkMessage message, int word)
    {
        fixed (LinkMessage* words = &message)
        {
            return ((ulong*)words)[word];
        }
    }
}

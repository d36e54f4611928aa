using Atoll.Abi;
using Atoll.Services.Lib;
using Atoll.Services.Protocols;

namespace Atoll.Services.Memory;

/// <summary>Gives clients memory up to their quotas, and takes it back.</summary>
public struct MemoryServer : IMemoryServer
{
    private QuotaTable _quotas;
    private PieceTable _pieces;

    /// <inheritdoc/>
    public readonly ulong NextDeadline => Deadline.Never;

    /// <summary>Sets the memory of every quota aside.</summary>
    /// <param name="quotas">What the system allows.</param>
    /// <param name="pool">Memory for all.</param>
    /// <param name="slots">Slots for it.</param>
    /// <returns>False: there is not enough.</returns>
    public bool Begin(in QuotaTable quotas, UntypedMemory pool, in GrantRecord slots)
    {
        _quotas = quotas;
        return _pieces.Begin(pool, in slots, in quotas);
    }

    /// <inheritdoc/>
    public MemoryAnswer Begin(in Caller caller, out ulong quota)
    {
        uint client = _quotas.Find(caller.Badge);
        if (client == _quotas.Count)
        {
            quota = 0;
            return MemoryAnswer.NoQuota;
        }

        _pieces.TakeAll(client);
        quota = 1UL << _quotas[client].Bits;
        return MemoryAnswer.Done;
    }

    /// <inheritdoc/>
    public MemoryAnswer Take(in Caller caller, uint sizeBits, out UntypedMemory memory, out uint piece)
    {
        memory = default;
        piece = 0;
        uint client = _quotas.Find(caller.Badge);
        if (client == _quotas.Count)
        {
            return MemoryAnswer.NoQuota;
        }

        if (sizeBits < ObjectSize.FrameBits)
        {
            return MemoryAnswer.SizeInvalid;
        }

        _pieces.Collect(client);
        uint given = _pieces.Give(client, sizeBits, out bool hasSlots);
        if (given == PieceTable.Nothing)
        {
            return hasSlots ? MemoryAnswer.QuotaSpent : MemoryAnswer.TooManyPieces;
        }

        memory = _pieces.Memory(given);
        piece = given;
        return MemoryAnswer.Done;
    }

    /// <inheritdoc/>
    public MemoryAnswer Return(in Caller caller, uint piece)
    {
        uint client = _quotas.Find(caller.Badge);
        if (client == _quotas.Count)
        {
            return MemoryAnswer.NoQuota;
        }

        if (!_pieces.IsGiven(client, piece))
        {
            return MemoryAnswer.Unknown;
        }

        _pieces.TakeBack(piece);
        return MemoryAnswer.Done;
    }

    /// <inheritdoc/>
    public MemoryAnswer Describe(in Caller caller, uint index, out ulong client, out ulong quota, out ulong used, out uint pieces)
    {
        client = 0;
        quota = 0;
        used = 0;
        pieces = 0;
        if (index >= _quotas.Count)
        {
            return MemoryAnswer.Unknown;
        }

        _pieces.Collect(index);
        client = _quotas[index].Client;
        quota = 1UL << _quotas[index].Bits;
        used = _pieces.Used(index, out pieces);
        return MemoryAnswer.Done;
    }

    /// <summary>Clients have died: nothing that they had, or made of it and gave on, is left.</summary>
    /// <param name="bits">Who (<see cref="DeathSignal"/>).</param>
    public void Signalled(ulong bits)
    {
        for (uint client = 0; client < _quotas.Count; client++)
        {
            if (DeathSignal.Names(bits, _quotas[client].Client))
            {
                _pieces.TakeAll(client);
            }
        }
    }

    /// <inheritdoc/>
    public readonly void Elapsed()
    {
    }
}

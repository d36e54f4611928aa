using Atoll.Abi;

namespace Atoll.Kernel.Tests.Cap.Model;

/// <content>What goes, and what goes with it.</content>
public sealed partial class ReferenceModel
{
    // Containers without a capability: what is in them goes when all else has gone.
    private readonly Queue<ModelCapability> _dying = new();

    /// <summary>Deletes a capability; with the last one its object, with all that is in it.</summary>
    public void Delete(ulong slot)
    {
        DeleteOne(slot);
        EndContainers();
    }

    /// <summary>Deletes everything that was derived.</summary>
    public void Revoke(ulong slot)
    {
        while (this[slot] is { Children.Count: > 0 } from)
        {
            DeleteOne(from.Children[^1].Slot);
        }

        EndContainers();
    }

    private void DeleteOne(ulong slot)
    {
        if (!Held.Remove(slot, out ModelCapability? gone))
        {
            return;
        }

        if (gone.Type == CapabilityType.Frame && gone.IsMapped)
        {
            gone.Space!.Frames.Remove(gone.MappedAt);
        }

        gone.Unlink();
        if (ModelKinds.HasEnd(gone.Type) && !Held.Values.Any(other => other.Type == gone.Type && other.Object == gone.Object))
        {
            End(gone);
        }
    }

    /// <summary>The slots of a thread.</summary>
    public static ulong ThreadSlot(ulong thread, int index) => thread + 1024 + ((ulong)index * 64);

    /// <summary>Gives a thread its capabilities. 0: none.</summary>
    public SystemResult Configure(ulong thread, ulong root, ulong space, ulong handler, ulong frame)
    {
        if (frame != 0 && (Held[frame].IsDevice || (Held[frame].Rights & (CapabilityRights)3) != (CapabilityRights)3))
        {
            return SystemResult.ArgumentInvalid;
        }

        ulong[] sources = [root, space, handler, frame];
        for (int index = 0; index < 4; index++)
        {
            Delete(ThreadSlot(thread, index));
        }

        if (!Threads.Contains(thread) || sources.Any(source => source != 0 && !Held.ContainsKey(source)))
        {
            return SystemResult.WrongState;
        }

        for (int index = 0; index < 4; index++)
        {
            if (sources[index] != 0)
            {
                Derive(Held[sources[index]], ThreadSlot(thread, index), All, word: null);
            }
        }

        return SystemResult.Ok;
    }

    private static void Detach(ModelCapability table)
    {
        if (table.IsMapped)
        {
            table.Space!.Detach(table);
        }
    }

    private void End(ModelCapability gone)
    {
        switch (gone.Type)
        {
            case CapabilityType.CNode:
                _dying.Enqueue(gone);
                break;
            case CapabilityType.Thread:
                Threads.Remove(gone.Object);
                Bound.Remove(gone.Object);
                Ended.Add((gone.Type, gone.Object));
                _dying.Enqueue(gone);
                break;
            case CapabilityType.VSpace:
                SpacesLeft++;
                gone.Space!.Tables.Clear();
                gone.Space.Frames.Clear();

                break;
            case CapabilityType.PageTable:
                Detach(gone);
                break;
            case CapabilityType.Notification:
                foreach ((ulong thread, ulong _) in Bound.Where(pair => pair.Value == gone.Object).ToList())
                {
                    Bound.Remove(thread);
                }

                Ended.Add((gone.Type, gone.Object));
                break;
            default:
                Ended.Add((gone.Type, gone.Object));
                break;
        }
    }

    private void EndContainers()
    {
        while (_dying.TryDequeue(out ModelCapability? gone))
        {
            Nodes.Remove(gone.Object, out int count);
            for (int index = 0; index < count; index++)
            {
                DeleteOne(gone.Object + ((ulong)index * 64));
            }

            for (int index = 0; index < 4 && gone.Type == CapabilityType.Thread; index++)
            {
                DeleteOne(ThreadSlot(gone.Object, index));
            }
        }
    }
}

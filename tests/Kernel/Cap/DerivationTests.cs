using Atoll.Abi;
using Atoll.Cap;
using Atoll.Kernel.Tests.Machine;
using Atoll.Provision;

namespace Atoll.Kernel.Tests.Cap;

/// <summary>The derivation tree against a tree of plain lists, under random operations.</summary>
public sealed unsafe class DerivationTests : IDisposable
{
    private const int SlotCount = 24;

    private readonly HostPages _pages = new(1);

    [Fact]
    public void RandomOperations_KeepTheTree() => Seeds.ForEach(40, random => Run(random, 400));

    [Fact]
    [Trait("Category", "Long")]
    public void RandomOperations_KeepTheTree_Long() => Seeds.ForEach(4000, random => Run(random, 1000));

    /// <summary>A chain of 100 000: taking out the middle one changes four slots, whatever hangs above and below.</summary>
    [Fact]
    public void DeepChain_IsTakenApartFromTheMiddle()
    {
        const int depth = 100_000;
        using var pages = new HostPages((depth * 64 / HostPages.PageBytes) + 1);
        ObjectPointer<CapabilitySlot> At(int i) => new CapabilitySlot { Object = (ulong)pages.Start + ((ulong)i * 64) }.Slots;
        Derivation.InsertRoot(At(0));
        for (int i = 1; i < depth; i++)
        {
            Derivation.InsertChild(At(i - 1), At(i));
        }

        for (int i = 1; i < depth - 1; i++)
        {
            Derivation.Remove(At(i));
        }

        Assert.Equal(At(depth - 1).Address, At(0).Value.FirstChild.Address);
        Assert.Equal(At(depth - 1).Address, At(0).Value.LastChild.Address);
        Assert.Equal(At(0).Address, At(depth - 1).Value.Next.Slot.Address);
        Assert.True(At(depth - 1).Value.Previous.IsParent);
    }

    public void Dispose() => _pages.Dispose();

    private void Run(Random random, int steps)
    {
        _pages.Bytes.Clear();
        var model = new TreeModel();
        for (int step = 0; step < steps; step++)
        {
            Step(random, model);
            for (int slot = 0; slot < SlotCount; slot++)
            {
                Assert.Equal(model.Describe(slot), Describe(slot));
            }
        }
    }

    private void Step(Random random, TreeModel model)
    {
        int one = random.Next(SlotCount);
        int other = random.Next(SlotCount);
        switch (random.Next(6))
        {
            case 0 when !model.Has(one):
                Derivation.InsertRoot(At(one));
                model.InsertRoot(one);
                break;
            case 1 or 2 when model.Has(one) && !model.Has(other):
                Derivation.InsertChild(At(one), At(other));
                model.InsertChild(one, other);
                break;
            case 3 when model.Has(one):
                Derivation.Remove(At(one));
                At(one).Value = default;
                model.Remove(one);
                break;
            case 4 when model.Has(one) && !model.Has(other):
                Derivation.Replace(At(one), At(other));
                At(one).Value = default;
                model.Rename(one, other);
                break;
            case 5 when model.Has(one) && model.Has(other) && one != other:
                Derivation.Swap(At(one), At(other));
                model.Swap(one, other);
                break;
        }
    }

    private ObjectPointer<CapabilitySlot> At(int index) =>
        new CapabilitySlot { Object = (ulong)_pages.Start + ((ulong)index * 64) }.Slots;

    private string Describe(int index)
    {
        ref CapabilitySlot slot = ref At(index).Value;
        return $"{Name(slot.FirstChild)} {Name(slot.LastChild)} {Name(slot.Previous)} {Name(slot.Next)}";
    }

    private string Name(DerivationLink link) => (link.IsParent ? "^" : "") + Name(link.Slot);

    private string Name(ObjectPointer<CapabilitySlot> slot) =>
        slot.IsNull ? "-" : $"{(slot.Address - (ulong)_pages.Start) / 64}";

    /// <summary>The same tree as lists of children.</summary>
    private sealed class TreeModel
    {
        private readonly Dictionary<int, List<int>> _children = [];
        private readonly Dictionary<int, int> _parent = [];
        private readonly List<List<int>> _rootLists = [];

        public bool Has(int slot) => _children.ContainsKey(slot);

        public void InsertRoot(int slot)
        {
            _children[slot] = [];
            _rootLists.Add([slot]);
        }

        public void InsertChild(int parent, int child)
        {
            _children[child] = [];
            _children[parent].Add(child);
            _parent[child] = parent;
        }

        public void Remove(int slot)
        {
            List<int> list = ListOf(slot);
            int at = list.IndexOf(slot);
            list.RemoveAt(at);
            list.InsertRange(at, _children[slot]);
            foreach (int child in _children[slot])
            {
                if (_parent.TryGetValue(slot, out int above))
                {
                    _parent[child] = above;
                }
                else
                {
                    _parent.Remove(child);
                }
            }

            _children.Remove(slot);
            _parent.Remove(slot);
        }

        public void Rename(int from, int to) => Rename(slot => slot == from ? to : slot);

        public void Swap(int one, int other) => Rename(slot => slot == one ? other : slot == other ? one : slot);

        public string Describe(int slot)
        {
            if (!Has(slot))
            {
                return "- - - -";
            }

            List<int> list = ListOf(slot);
            int at = list.IndexOf(slot);
            string above = _parent.TryGetValue(slot, out int parent) ? $"^{parent}" : "^-";
            List<int> children = _children[slot];
            string ends = children.Count == 0 ? "- -" : $"{children[0]} {children[^1]}";
            return $"{ends} {(at == 0 ? above : list[at - 1])} {(at == list.Count - 1 ? above : list[at + 1])}";
        }

        private List<int> ListOf(int slot) =>
            _parent.TryGetValue(slot, out int parent) ? _children[parent] : _rootLists.Single(list => list.Contains(slot));

        private void Rename(Func<int, int> name)
        {
            var children = _children.ToDictionary(pair => name(pair.Key), pair => pair.Value.ConvertAll(slot => name(slot)));
            var parents = _parent.ToDictionary(pair => name(pair.Key), pair => name(pair.Value));
            _children.Clear();
            _parent.Clear();
            foreach ((int slot, List<int> list) in children)
            {
                _children[slot] = list;
            }

            foreach ((int slot, int parent) in parents)
            {
                _parent[slot] = parent;
            }

            for (int i = 0; i < _rootLists.Count; i++)
            {
                _rootLists[i] = _rootLists[i].ConvertAll(slot => name(slot));
            }
        }
    }
}

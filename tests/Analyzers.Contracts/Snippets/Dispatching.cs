using Atoll;

namespace Snippets;

static class Dispatching
{
    [NoGC, Clean] static void NotVirtual() => Sink.Number = Given.Animal.Eyes();
    [NoGC, Clean] static void Sealed() => Sink.Number = Given.Bird.Legs();
    [NoGC, Clean] static void SealedInterface() => Sink.Number = Given.Circle.Area();
    [NoGC, Clean] static void Structure() => Sink.Number = new Square(3).Area();
    [NoGC, NotKnown] static void Virtual() => Sink.Number = Given.Animal.Legs();
    [NoGC, NotKnown] static void Interface() => Sink.Number = Given.Shape.Area();
    [NoGC, NotKnown] static void ObjectEquals() => Sink.Flag = Given.Gate.Equals(Given.Boxed);
    [NoGC, NotKnown] static void ObjectHash() => Sink.Number = Given.Gate.GetHashCode();
    [NoGC, NotKnown] static void StaticEquals() => Sink.Flag = Equals(Given.Gate, Given.Boxed);
    [NoGC, Clean] static void ReferenceEqual() => Sink.Flag = ReferenceEquals(Given.Gate, Given.Boxed);
    [NoGC, Clean] static void BaseCall() => Sink.Number = new Derived2().Run(3);
    [NoGC, NotKnown] static void DynamicCall() { dynamic text = Given.Text; Sink.Object = text.Length; }

    readonly struct Derived2
    {
        public int Run(int by) => Step(by) + 1;

        private static int Step(int by) => by * 2;
    }
}

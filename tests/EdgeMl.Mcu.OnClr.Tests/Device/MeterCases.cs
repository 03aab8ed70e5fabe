using System;

namespace EdgeMl.Mcu.OnClr;

/// <summary>
/// Small programs, one a method, that the meter and the interpreter must count alike. Each public method is one; what it computes does not matter.
/// </summary>
public static class MeterCases
{
    private static readonly int[] Table = { 3, 1, 4, 1, 5, 9, 2, 6, 5, 3 };

    private static int _count;

    private delegate int Operation(int x);

    private interface IShape
    {
        int Area();
    }

    public static void Empty()
    {
    }

    public static void Loops()
    {
        int sum = 0;
        for (int i = 0; i < 10; i++)
        {
            int j = i;
            while (j > 0)
            {
                if ((j & 1) == 0)
                    sum += j;
                else if (j == 7)
                    break;
                j--;
            }
            do
            {
                sum ^= i;
            }
            while (sum < 0);
        }
        foreach (int value in Table)
            sum += value;
        _count = sum;
    }

    public static void DenseAndSparseSwitches()
    {
        for (int i = -2; i < 12; i++)
        {
            switch (i)
            {
                case 0:
                case 1:
                    _count++;
                    break;
                case 2:
                    _count += 2;
                    goto case 5;
                case 3:
                    continue;
                case 4:
                    _count--;
                    break;
                case 5:
                    _count *= 3;
                    break;
                default:
                    _count ^= i;
                    break;
            }
            switch (i * 1000)
            {
                case 1000:
                    _count++;
                    break;
                case -2000:
                    _count--;
                    break;
                case 9000:
                    _count += 9;
                    break;
            }
        }
    }

    public static void NumbersOfAllSizes()
    {
        long wide = 1;
        ulong unsigned = 7;
        float single = 0.5f;
        double twice = 0.25;
        for (int i = 1; i < 20; i++)
        {
            wide = (wide * 6364136223846793005L) + i;
            unsigned = (unsigned >> 3) ^ (ulong)wide;
            single += i * 0.1f;
            twice = (twice * 1.5) - single;
            _count += (sbyte)wide + (short)unsigned + (int)single + (wide % 7 == 3 ? 1 : 0) + (int)(unsigned / 3) + ~i + (-i >> 1) + (int)((uint)i >> 1);
        }
    }

    public static void CheckedArithmetic()
    {
        checked
        {
            int x = int.MaxValue - 3;
            for (int i = 0; i < 3; i++)
                x += i;
            _count = (int)(x - 5L);
        }
    }

    public static void ArraysOfArrays()
    {
        var rows = new int[4][];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = new int[i + 1];
            for (int j = 0; j <= i; j++)
                rows[i][j] = i * j;
        }
        ref int last = ref rows[3][3];
        last += 5;
        var bytes = new sbyte[16];
        Array.Copy(bytes, 0, bytes, 8, 8);
        Array.Clear(bytes, 0, 16);
        _count = rows[3][3] + bytes[0] + bytes.Length;
    }

    public static void Literals()
    {
        int[] primes = { 2, 3, 5, 7, 11, 13 };
        var data = new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 };
        _count = primes[3] + BitConverter.ToInt32(data, 1) + BitConverter.ToUInt16(data, 2);
    }

    public static void ObjectsAndVirtualCalls()
    {
        Shape shape = new Square(3);
        IShape other = new Circle();
        for (int i = 0; i < 4; i++)
            _count += shape.Area() + other.Area() + shape.Side + ((Square)shape).Side;
        _count += shape is Square ? 1 : 0;
        object boxed = _count;
        _count = (int)boxed + ((other as Shape) == null ? 1 : 2);
    }

    public static void Delegates()
    {
        Operation twice = Twice;
        Operation add = new Adder(4).Add;
        _count = twice(add(_count)) + Apply(static x => x - 1, 9);
    }

    public static void Structures()
    {
        var point = new Point { X = 1, Y = 2 };
        Point copy = point;
        copy.Move(3);
        Change(ref point);
        var points = new Point[2];
        points[1] = copy;
        points[0].X = point.X;
        _count = points[1].X + points[0].X + point.Y;
    }

    public static void Recursion() => _count = Fibonacci(9);

    public static void FinallyBlocks()
    {
        for (int i = 0; i < 5; i++)
        {
            try
            {
                if (i == 2)
                    continue;
                try
                {
                    if (i == 4)
                        return;
                    _count++;
                }
                finally
                {
                    _count += 2;
                }
            }
            finally
            {
                _count += 3;
            }
        }
    }

    public static void CatchOfAThrow()
    {
        for (int i = 0; i < 6; i++)
        {
            try
            {
                _count += Divide(10, i - 2);
                Fail(i);
                _count++;
            }
            catch (Failure)
            {
                _count += 5;
            }
            catch (Exception)
            {
                _count += 7;
            }
        }
    }

    public static void ExceptionsOfTheInterpreter()
    {
        int[] none = null;
        Shape nothing = null;
        object text = new Circle();
        for (int i = 0; i < 5; i++)
        {
            try
            {
                _count += i;
                if (i == 0)
                    _count += none[1] + 1;
                if (i == 1)
                    _count += 3 * Table[Table.Length + i];
                if (i == 2)
                    _count += 1 + nothing.Side;
                if (i == 3)
                    _count += ((Square)text).Side - 1;
                _count += 9;
            }
            catch (Exception)
            {
                _count ^= 3;
            }
        }
    }

    public static void UnwindingThroughFinally()
    {
        try
        {
            Outer(3);
        }
        catch (Failure)
        {
            _count++;
        }
    }

    public static void ExceptionFilters()
    {
        for (int i = 0; i < 3; i++)
        {
            try
            {
                try
                {
                    Fail(3);
                }
                catch (Failure) when (_count + i == i + 1 || i == 1)
                {
                    _count = 1;
                }
            }
            catch (Exception)
            {
                _count = 1;
            }
        }
    }

    public static void RethrownExceptions()
    {
        try
        {
            try
            {
                Fail(3);
            }
            catch (Exception)
            {
                _count++;
                throw;
            }
            finally
            {
                _count += 2;
            }
        }
        catch (Failure)
        {
            _count += 3;
        }
    }

    private static void Outer(int i)
    {
        try
        {
            try
            {
                Fail(i);
                _count++;
            }
            finally
            {
                for (int k = 0; k < i; k++)
                    _count += k;
            }
        }
        finally
        {
            _count--;
        }
    }

    private static int Divide(int a, int b) => a / b;

    private static void Fail(int i)
    {
        if (i == 3)
            throw new Failure();
    }

    private static int Twice(int x) => 2 * x;

    private static int Apply(Operation operation, int x) => operation(x);

    private static void Change(ref Point point) => point.Y += 40;

    private static int Fibonacci(int n) => n < 2 ? n : Fibonacci(n - 1) + Fibonacci(n - 2);

    private struct Point
    {
        public int X;
        public int Y;

        public void Move(int by) => X += by * Y;
    }

    private sealed class Failure : Exception
    {
    }

    private abstract class Shape
    {
        protected Shape(int side)
        {
            Side = side;
        }

        public int Side { get; }

        public virtual int Area() => Side;
    }

    private sealed class Square : Shape
    {
        public Square(int side)
            : base(side)
        {
        }

        public override int Area() => base.Area() * Side;
    }

    private sealed class Circle : IShape
    {
        private readonly int _radius = 2;

        public int Area() => 3 * _radius * _radius;
    }

    private sealed class Adder
    {
        private readonly int _amount;

        public Adder(int amount)
        {
            _amount = amount;
        }

        public int Add(int x) => x + _amount;
    }
}

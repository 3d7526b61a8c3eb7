import django.db.models.deletion
import guanjia.tenancy.models
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0001_initial'),
        ('estates', '0001_initial'),
        ('households', '0001_initial'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.AddField(
            model_name='fee',
            name='basis',
            field=models.CharField(blank=True, choices=[('area', '按面积'), ('fixed', '固定金额'), ('people', '按人口'), ('metered', '按表计量'), ('lift', '电梯'), ('parking', '车位'), ('storage', '储藏间'), ('rent', '租金'), ('deposit', '押金'), ('agency', '代收代缴'), ('shared', '公共分摊'), ('other', '其他')], db_default='', default='', max_length=10),
        ),
        migrations.AddField(
            model_name='fee',
            name='closed',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='fee',
            name='income',
            field=models.CharField(blank=True, db_default='', default='', max_length=20),
        ),
        migrations.AddField(
            model_name='fee',
            name='meter_kind',
            field=models.CharField(blank=True, db_default='', default='', max_length=10),
        ),
        migrations.AddField(
            model_name='fee',
            name='payer',
            field=models.CharField(choices=[('owner', '业主'), ('tenant', '租户（没有租户时业主）')], db_default='owner', default='owner', max_length=10),
        ),
        migrations.AddField(
            model_name='fee',
            name='proration',
            field=models.CharField(choices=[('day', '按天'), ('month', '不足一月按一月'), ('none', '不折算')], db_default='day', default='day', max_length=6),
        ),
        migrations.AddField(
            model_name='fee',
            name='rounding',
            field=models.CharField(choices=[('half_up', '四舍五入'), ('down', '舍去'), ('up', '进一')], db_default='half_up', default='half_up', max_length=8),
        ),
        migrations.AddField(
            model_name='fee',
            name='step',
            field=models.CharField(choices=[('0.01', '分'), ('0.10', '角'), ('1.00', '元')], db_default='0.01', default='0.01', max_length=4),
        ),
        migrations.AddField(
            model_name='unitfee',
            name='ends_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='unitfee',
            name='weight',
            field=models.DecimalField(db_default=Decimal('1'), decimal_places=4, default=Decimal('1'), max_digits=12),
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('estate', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='estates.estate')),
                ('code', models.CharField(max_length=20)),
                ('household', guanjia.tenancy.models.EstateForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='households.household')),
                ('unit', guanjia.tenancy.models.EstateForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='estates.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['estate', 'household'], name='account_household'), models.Index(fields=['estate', 'unit'], name='account_unit')],
                'constraints': [models.UniqueConstraint(fields=('estate', 'code', 'unit', 'household'), name='account_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='Balance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('estate', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='estates.estate')),
                ('month', models.DateField()),
                ('debits', models.DecimalField(decimal_places=2, max_digits=16)),
                ('credits', models.DecimalField(decimal_places=2, max_digits=16)),
                ('closing', models.DecimalField(decimal_places=2, max_digits=16)),
                ('account', guanjia.tenancy.models.EstateForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='balances', to='billing.account')),
            ],
            options={
                'indexes': [models.Index(fields=['estate', 'month'], name='balance_month')],
                'constraints': [models.UniqueConstraint(fields=('estate', 'account', 'month'), name='balance_once')],
            },
        ),
        migrations.CreateModel(
            name='Discount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('estate', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='estates.estate')),
                ('kind', models.CharField(choices=[('discount', '优惠'), ('vacancy', '空置减免'), ('hardship', '困难减免')], default='discount', max_length=10)),
                ('percent', models.DecimalField(decimal_places=2, max_digits=5)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('why', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('asked', '待审批'), ('approved', '已批准'), ('refused', '未批准')], default='asked', max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('judged_at', models.DateTimeField(null=True)),
                ('verdict', models.CharField(blank=True, max_length=200)),
                ('asker', guanjia.tenancy.models.PersonKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fee', guanjia.tenancy.models.EstateForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, to='billing.fee')),
                ('judge', guanjia.tenancy.models.PersonKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', guanjia.tenancy.models.EstateForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='discounts', to='estates.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['estate', 'unit'], name='discount_unit')],
                'constraints': [models.CheckConstraint(condition=models.Q(('percent__gt', Decimal('0')), ('percent__lte', Decimal('100'))), name='discount_percent'), models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='discount_dates')],
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('estate', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='estates.estate')),
                ('kind', models.CharField(choices=[('bill', '出账'), ('reversal', '冲销'), ('payment', '收款'), ('prepaid', '预存抵扣'), ('refund', '退款'), ('waiver', '减免'), ('settlement', '结算'), ('other', '其他')], max_length=12)),
                ('on', models.DateField()),
                ('period', models.DateField()),
                ('words', models.CharField(blank=True, max_length=200)),
                ('key', models.CharField(blank=True, max_length=80)),
                ('at', models.DateTimeField()),
                ('author', guanjia.tenancy.models.PersonKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reverses', guanjia.tenancy.models.EstateForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='billing.entry')),
            ],
            options={
                'indexes': [models.Index(fields=['estate', 'period'], name='entry_period')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('estate', 'key'), name='entry_key'), models.UniqueConstraint(condition=models.Q(('reverses__isnull', False)), fields=('estate', 'reverses'), name='entry_reversed_once')],
            },
        ),
        migrations.CreateModel(
            name='BillRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('estate', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='estates.estate')),
                ('period', models.DateField()),
                ('sequence', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('draft', '草稿'), ('reviewed', '已复核'), ('posted', '已过账'), ('reversed', '已冲销'), ('discarded', '已作废')], default='draft', max_length=10)),
                ('lines', models.PositiveIntegerField(default=0)),
                ('total', models.DecimalField(decimal_places=2, default=0, max_digits=16)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('report', models.JSONField(default=dict)),
                ('drafted_at', models.DateTimeField()),
                ('posted_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('entry', guanjia.tenancy.models.EstateForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='billing.entry')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('estate', 'period', 'sequence'), name='run_sequence'), models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'reviewed'])), fields=('estate', 'period'), name='run_one_open')],
            },
        ),
        migrations.CreateModel(
            name='Bill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('estate', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='estates.estate')),
                ('period', models.DateField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                ('due_on', models.DateField()),
                ('live', models.BooleanField(default=True)),
                ('issued_at', models.DateTimeField(null=True)),
                ('account', guanjia.tenancy.models.EstateForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='bills', to='billing.account')),
                ('household', guanjia.tenancy.models.EstateForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bills', to='households.household')),
                ('unit', guanjia.tenancy.models.EstateForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='bills', to='estates.unit')),
                ('run', guanjia.tenancy.models.EstateForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bills', to='billing.billrun')),
            ],
            options={
                'indexes': [models.Index(fields=['estate', 'unit', 'period'], name='bill_unit'), models.Index(fields=['estate', 'household', 'period'], name='bill_household'), models.Index(fields=['estate', 'period'], name='bill_period')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('run__isnull', False)), fields=('estate', 'run', 'account'), name='bill_once')],
            },
        ),
        migrations.CreateModel(
            name='Tariff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('estate', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='estates.estate')),
                ('starts_on', models.DateField()),
                ('price', models.DecimalField(decimal_places=4, default=0, max_digits=14)),
                ('fixed', models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ('tiers', models.JSONField(blank=True, default=list)),
                ('expression', models.CharField(max_length=300)),
                ('imported', models.BooleanField(default=False)),
                ('at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('author', guanjia.tenancy.models.PersonKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fee', guanjia.tenancy.models.EstateForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tariffs', to='billing.fee')),
            ],
            options={
                'ordering': ['starts_on'],
                'constraints': [models.UniqueConstraint(fields=('estate', 'fee', 'starts_on'), name='tariff_from'), models.CheckConstraint(condition=models.Q(('price__gte', Decimal('0'))), name='tariff_price')],
            },
        ),
        migrations.CreateModel(
            name='BillLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('estate', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='estates.estate')),
                ('period', models.DateField()),
                ('until', models.DateField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                ('formula', models.CharField(blank=True, max_length=300)),
                ('inputs', models.JSONField(default=dict)),
                ('live', models.BooleanField(default=True)),
                ('bill', guanjia.tenancy.models.EstateForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='billing.bill')),
                ('fee', guanjia.tenancy.models.EstateForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='bill_lines', to='billing.fee')),
                ('unit', guanjia.tenancy.models.EstateForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='bill_lines', to='estates.unit')),
                ('tariff', guanjia.tenancy.models.EstateForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bill_lines', to='billing.tariff')),
            ],
            options={
                'indexes': [models.Index(fields=['estate', 'bill'], name='bill_line_bill')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('live', True)), fields=('estate', 'unit', 'fee', 'period'), name='bill_line_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='bill_line_amount')],
            },
        ),
        migrations.CreateModel(
            name='Meter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('estate', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='estates.estate')),
                ('kind', models.CharField(choices=[('water', '水表'), ('hot_water', '热水表'), ('power', '电表'), ('gas', '燃气表'), ('heat', '热量表')], max_length=10)),
                ('number', models.CharField(max_length=40)),
                ('multiplier', models.DecimalField(decimal_places=4, default=Decimal('1'), max_digits=10)),
                ('limit', models.DecimalField(blank=True, decimal_places=3, max_digits=14, null=True)),
                ('initial', models.DecimalField(decimal_places=3, default=Decimal('0'), max_digits=14)),
                ('installed_on', models.DateField(blank=True, null=True)),
                ('removed_on', models.DateField(blank=True, null=True)),
                ('replaces', guanjia.tenancy.models.EstateForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='billing.meter')),
                ('unit', guanjia.tenancy.models.EstateForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='meters', to='estates.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['estate', 'unit', 'kind'], name='meter_unit')],
                'constraints': [models.UniqueConstraint(fields=('estate', 'kind', 'number'), name='meter_number'), models.CheckConstraint(condition=models.Q(('multiplier__gt', 0)), name='meter_multiplier')],
            },
        ),
        migrations.CreateModel(
            name='Period',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('estate', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='estates.estate')),
                ('month', models.DateField()),
                ('closed', models.BooleanField(default=False)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('estate', 'month'), name='period_month')],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('estate', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='estates.estate')),
                ('period', models.DateField()),
                ('read_on', models.DateField()),
                ('value', models.DecimalField(decimal_places=3, max_digits=14)),
                ('previous', models.DecimalField(decimal_places=3, max_digits=14)),
                ('usage', models.DecimalField(decimal_places=3, max_digits=14)),
                ('estimated', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('fine', '正常'), ('suspect', '待核实'), ('confirmed', '已核实')], default='fine', max_length=10)),
                ('doubt', models.CharField(blank=True, max_length=200)),
                ('photo', models.FileField(blank=True, upload_to='readings/')),
                ('at', models.DateTimeField()),
                ('meter', guanjia.tenancy.models.EstateForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='billing.meter')),
                ('reader', guanjia.tenancy.models.PersonKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['estate', 'period'], name='reading_period')],
                'constraints': [models.UniqueConstraint(fields=('estate', 'meter', 'period'), name='reading_once'), models.CheckConstraint(condition=models.Q(('usage__gte', 0)), name='reading_usage')],
            },
        ),
        migrations.CreateModel(
            name='Reopening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('estate', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='estates.estate')),
                ('why', models.CharField(max_length=200)),
                ('asked_at', models.DateTimeField()),
                ('agreed_at', models.DateTimeField(null=True)),
                ('agreer', guanjia.tenancy.models.PersonKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asker', guanjia.tenancy.models.PersonKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('period', guanjia.tenancy.models.EstateForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='reopenings', to='billing.period')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('agreed_at__isnull', True)), fields=('estate', 'period'), name='reopening_one')],
            },
        ),
        migrations.CreateModel(
            name='SharedCost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('estate', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='estates.estate')),
                ('period', models.DateField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                ('method', models.CharField(choices=[('area', '按面积'), ('even', '按户平摊'), ('custom', '按自定系数'), ('usage', '按用量')], default='area', max_length=6)),
                ('words', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
                ('author', guanjia.tenancy.models.PersonKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('building', guanjia.tenancy.models.EstateForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='estates.building')),
                ('fee', guanjia.tenancy.models.EstateForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='shared_costs', to='billing.fee')),
                ('zone', guanjia.tenancy.models.EstateForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='estates.zone')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('estate', 'fee', 'period', 'zone', 'building'), name='shared_cost_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='shared_cost_amount')],
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('estate', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='estates.estate')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                ('on', models.DateField()),
                ('period', models.DateField()),
                ('credit', guanjia.tenancy.models.EstateForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='credits', to='billing.account')),
                ('debit', guanjia.tenancy.models.EstateForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='debits', to='billing.account')),
                ('entry', guanjia.tenancy.models.EstateForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='billing.entry')),
                ('line', guanjia.tenancy.models.EstateForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='billing.billline')),
            ],
            options={
                'indexes': [models.Index(fields=['estate', 'entry'], name='transfer_entry'), models.Index(fields=['estate', 'debit', 'on'], name='transfer_debit'), models.Index(fields=['estate', 'credit', 'on'], name='transfer_credit'), models.Index(fields=['estate', 'line'], name='transfer_line')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='transfer_amount'), models.CheckConstraint(condition=models.Q(('debit', models.F('credit')), _negated=True), name='transfer_two_accounts')],
            },
        ),
        migrations.AddConstraint(
            model_name='unitfee',
            constraint=models.CheckConstraint(condition=models.Q(('weight__gte', 0)), name='unit_fee_weight'),
        ),
        # Posted money is append-only by privilege; a line only ever loses its `live` when its run is reversed.
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON billing_entry, billing_transfer, billing_billline FROM guanjia_app; "
            "GRANT UPDATE (live) ON billing_billline TO guanjia_app",
            migrations.RunSQL.noop,
        ),
    ]
